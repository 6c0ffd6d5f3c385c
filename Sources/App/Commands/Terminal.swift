import Glibc

/// Where a command's input comes from and its output goes.
package struct Terminal: Sendable {
    /// Results.
    package var write: @Sendable ([UInt8]) throws -> Void
    /// Logs and errors.
    package var complain: @Sendable ([UInt8]) -> Void
    /// All of the input, to its end.
    package var read: @Sendable () throws -> [UInt8]

    /// Errors are read on a screen, whose line may be written anew.
    package var isLive = false

    package init(
        write: @escaping @Sendable ([UInt8]) throws -> Void, complain: @escaping @Sendable ([UInt8]) -> Void,
        read: @escaping @Sendable () throws -> [UInt8], isLive: Bool = false
    ) {
        self.write = write
        self.complain = complain
        self.read = read
        self.isLive = isLive
    }

    /// The process's own.
    package static let standard = Terminal(
        write: { try writeAll($0, to: 1) }, complain: { try? writeAll($0, to: 2) }, read: { try readAll(from: 0) },
        isLive: isatty(2) == 1)

    /// Far beyond any setting or password.
    private static let inputLimit = 4 << 20

    private static func writeAll(_ bytes: [UInt8], to file: Int32) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw CommandFailure("cannot write: " + String(cString: strerror(errno))) }
            rest = rest.dropFirst(count)
        }
    }

    private static func readAll(from file: Int32) throws -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = Glibc.read(file, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw CommandFailure("cannot read: " + String(cString: strerror(errno))) }
            if count == 0 { return bytes }
            bytes += buffer[..<count]
            guard bytes.count <= inputLimit else { throw CommandFailure("the input is too long") }
        }
    }
}
