import Glibc

/// What the machine that this process runs on is called.
package enum MachineName {
    package static var current: String {
        var bytes = [CChar](repeating: 0, count: 256)
        guard gethostname(&bytes, bytes.count - 1) == 0, bytes[0] != 0 else { return "localhost" }
        return String(decoding: bytes.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// `shop-1 (process 4711)`: this process, as other machines name it.
    package static var withProcess: String { "\(current) (process \(getpid()))" }
}
