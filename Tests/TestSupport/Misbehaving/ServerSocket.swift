import CTestTLS
import Glibc

/// A listening socket on a loopback port that the system chose.
struct ListeningSocket: Sendable {
    let descriptor: Int32
    let port: UInt16

    init() throws {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw SocketError(what: "socket", code: errno) }
        self.descriptor = descriptor
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let port: UInt16? = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                guard bind(descriptor, $0, size) == 0, listen(descriptor, 512) == 0,
                    getsockname(descriptor, $0, &size) == 0
                else { return nil }
                return UInt16(bigEndian: pointer.pointee.sin_port)
            }
        }
        guard let port else { throw SocketError(what: "listen", code: errno) }
        self.port = port
    }

    /// Nil once the socket is shut down.
    func accept() -> Int32? {
        let peer = Glibc.accept(descriptor, nil, nil)
        guard peer >= 0 else { return nil }
        var on: Int32 = 1
        setsockopt(peer, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
        return peer
    }
}

/// A system call that failed.
struct SocketError: Error {
    let what: String
    let code: Int32
}

/// One accepted connection, plain or TLS, used by its thread alone. The descriptor stays the server's.
final class ServerConnection {
    let descriptor: Int32
    private let tls: OpaquePointer?
    let isHTTP2: Bool
    private var pending: [UInt8] = []

    /// - Parameter tls: a `ctest_tls`, or nil for a plain connection.
    /// - Returns: nil when the handshake fails.
    init?(_ descriptor: Int32, tls context: OpaquePointer?) {
        var tls: OpaquePointer?
        if let context {
            tls = ctest_tls_accept(context, descriptor)
            guard tls != nil else { return nil }
        }
        self.descriptor = descriptor
        self.tls = tls
        isHTTP2 = tls.map { ctest_tls_is_http2($0) } ?? false
    }

    deinit { ctest_tls_connection_free(tls) }

    /// Exactly `count` bytes, or nil at the connection's end.
    func read(_ count: Int) -> [UInt8]? {
        while pending.count < count { guard fill() else { return nil } }
        defer { pending.removeFirst(count) }
        return Array(pending.prefix(count))
    }

    /// All bytes up to and with `end`, or nil at the connection's end.
    func read(through end: [UInt8]) -> [UInt8]? {
        while true {
            if let range = pending.firstRange(of: end) { return read(range.upperBound) }
            guard fill() else { return nil }
        }
    }

    func readToEnd() {
        while fill() { pending = [] }
    }

    func write(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { room in
                tls.map { Int(ctest_tls_write($0, room.baseAddress, room.count)) }
                    ?? send(descriptor, room.baseAddress, room.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }

    /// The peer will see a reset in place of an orderly end.
    func resetWhenClosed() {
        var option = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
    }

    private func fill() -> Bool {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = buffer.withUnsafeMutableBytes { room in
            tls.map { Int(ctest_tls_read($0, room.baseAddress, room.count)) }
                ?? recv(descriptor, room.baseAddress, room.count, 0)
        }
        guard count > 0 else { return false }
        pending += buffer.prefix(count)
        return true
    }
}
