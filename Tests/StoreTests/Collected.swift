import Glibc
import Synchronization
import TestSupport

/// What several threads found, in no order.
final class Collected<Value: Sendable>: Sendable {
    private let values = Mutex<[Value]>([])

    func add(_ value: Value) { values.withLock { $0.append(value) } }
    func add(contentsOf more: [Value]) { values.withLock { $0 += more } }
    var all: [Value] { values.withLock { $0 } }
}

extension TemporaryFolder {
    /// The bytes of the database's files, one after another.
    func everyByte() throws -> [UInt8] {
        var bytes: [UInt8] = []
        for name in ["cartwright.db", "cartwright.db-wal"] {
            guard let stream = fopen(file(name), "r") else { continue }
            defer { fclose(stream) }
            var buffer = [UInt8](repeating: 0, count: 65_536)
            while case let count = fread(&buffer, 1, buffer.count, stream), count > 0 { bytes += buffer.prefix(count) }
        }
        return bytes
    }
}
