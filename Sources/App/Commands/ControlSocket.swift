import Core
import Glibc

/// `<data>/control.sock`: a command that has changed the database asks the server that runs on it to take the change
/// over at once. Without an answer nothing is lost, because the server looks by itself every second.
///
/// One line in, `reload`; one line out: `ok` and the id of the master key that the server seals with, or `failed`.
final class ControlSocket: Sendable {
    /// What a server said.
    enum Answer: Sendable, Equatable {
        /// There is no server.
        case nobody
        /// It has taken everything over, and seals with this master key.
        case done(key: String)
        case failed
    }

    private static let request = Array("reload\n".utf8)
    /// Seconds that either side waits for the other.
    private static let patience = 5

    private let path: String
    private let listener: Int32
    private let thread: Thread

    /// Listens, for the same user alone. Only the holder of the folder's lock may: what is there is left of one who
    /// was killed.
    /// - Parameter reload: takes the change over and says which master key seals.
    init(path: String, log: Log, reload: @escaping @Sendable () throws -> String) throws {
        unlink(path)
        let listener = try Self.connected(path) { bind($0, $1, $2) }
        guard chmod(path, 0o600) == 0, listen(listener, 16) == 0 else {
            defer { close(listener) }
            throw FolderError(description: "\(path): " + String(cString: strerror(errno)))
        }
        thread = try Thread.start("control") {
            while true {
                let peer = accept(listener, nil, nil)
                if peer < 0, errno == EINTR || errno == ECONNABORTED { continue }
                guard peer >= 0 else { return }
                Self.serve(peer, log: log, reload: reload)
                close(peer)
            }
        }
        self.path = path
        self.listener = listener
    }

    /// Takes no more calls and removes the socket.
    func stop() {
        shutdown(listener, Int32(SHUT_RDWR))
        thread.join()
        close(listener)
        unlink(path)
    }

    /// Asks the server behind `path`, if there is one, and waits until it has reloaded.
    @discardableResult
    static func askToReload(at path: String) -> Answer {
        guard let server = try? connected(path, { connect($0, $1, $2) }) else { return .nobody }
        defer { close(server) }
        setPatience(server)
        send(server, request, request.count, Int32(MSG_NOSIGNAL))
        var answer = [UInt8](repeating: 0, count: 64)
        let count = recv(server, &answer, answer.count, 0)
        let words = String(decoding: answer.prefix(max(0, count)), as: UTF8.self).split(whereSeparator: \.isWhitespace)
        return words.count == 2 && words[0] == "ok" ? .done(key: String(words[1])) : .failed
    }

    private static func serve(_ peer: Int32, log: Log, reload: () throws -> String) {
        setPatience(peer)
        var line = [UInt8](repeating: 0, count: request.count)
        guard recv(peer, &line, line.count, Int32(MSG_WAITALL)) == line.count, line == request else { return }
        var answer: String
        do {
            answer = "ok \(try reload())\n"
        } catch {
            log.error("change not taken over", ["error": .error(error)])
            answer = "failed\n"
        }
        send(peer, answer, answer.utf8.count, Int32(MSG_NOSIGNAL))
    }

    private static func setPatience(_ socket: Int32) {
        var limit = timeval(tv_sec: patience, tv_usec: 0)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            setsockopt(socket, SOL_SOCKET, option, &limit, socklen_t(MemoryLayout<timeval>.size))
        }
    }

    /// A socket for which `attach` (bind or connect) has worked on the address of `path`.
    ///
    /// An address has room for 107 bytes; a folder may lie deeper, so it is reached through its descriptor.
    private static func connected(
        _ path: String, _ attach: (Int32, UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) throws -> Int32 {
        func failure() -> FolderError { FolderError(description: "\(path): " + String(cString: strerror(errno))) }
        let slash = path.lastIndex(of: "/")
        let folder = open(slash.map { String(path[...$0]) } ?? ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { throw failure() }
        defer { close(folder) }
        let name = slash.map { path[path.index(after: $0)...] } ?? path[...]
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { room in
            room.copyBytes(from: "/proc/self/fd/\(folder)/\(name)".utf8.prefix(room.count - 1))
        }
        let socket = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard socket >= 0 else { throw failure() }
        let status = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                attach(socket, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard status == 0 else {
            defer { close(socket) }
            throw failure()
        }
        return socket
    }
}
