import Glibc

/// A client that sends exactly the bytes it is told: what no HTTP library would let through is the point of these tests.
package final class RawClient {
    package struct Failure: Error {
        package let what: String

        package init(what: String) { self.what = what }
    }

    /// One response, as far as a test looks at it.
    package struct Answer: Equatable {
        package var status: Int
        package var head: String
        package var body: [UInt8]

        package var text: String { String(decoding: body, as: UTF8.self) }

        package func header(_ name: String) -> String? {
            for line in head.split(separator: "\r\n").dropFirst() {
                let parts = line.split(separator: ":", maxSplits: 1)
                if parts[0].lowercased() == name.lowercased() { return String(parts[1].drop { $0 == " " }) }
            }
            return nil
        }
    }

    private let descriptor: Int32
    private let server: AnyObject?
    private var buffer: [UInt8] = []

    /// - Parameters:
    ///   - receiveBuffer: bytes the kernel takes for a client that does not read.
    ///   - patience: seconds until a read gives up and the test fails.
    ///   - server: kept alive.
    package init(port: UInt16, receiveBuffer: Int32? = nil, patience: Int = 20, server: AnyObject? = nil) throws {
        self.server = server
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw Failure(what: "socket \(errno)") }
        if var receiveBuffer {
            setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &receiveBuffer, socklen_t(MemoryLayout<Int32>.size))
        }
        var limit = timeval(tv_sec: patience, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let status = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard status == 0 else {
            let error = errno
            Glibc.close(descriptor)
            throw Failure(what: "connect \(error)")
        }
    }

    deinit { Glibc.close(descriptor) }

    package func send(_ text: String) throws { try send(Array(text.utf8)) }

    package func send(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw Failure(what: "send \(errno)") }
            sent += count
        }
    }

    /// As `send`, for peers that may have closed already.
    package func sendIgnoringErrors(_ text: String) { try? send(text) }

    package func finishSending() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// The next response, its body by Content-Length or chunks (taken apart by this client's own reader).
    ///
    /// - Parameter toHead: the response to HEAD has no body, whatever its head says.
    package func answer(toHead: Bool = false) throws -> Answer {
        var answer = try head()
        if toHead || answer.status < 200 || answer.status == 204 || answer.status == 304 { return answer }
        if let length = answer.header("Content-Length").flatMap({ Int($0) }) {
            answer.body = try take(length)
        } else if answer.header("Transfer-Encoding") == "chunked" {
            while let piece = try chunk() { answer.body += piece }
        } else {
            answer.body = try rest()
        }
        return answer
    }

    /// The head alone; the body is read by `chunk` or `rest`.
    package func head() throws -> Answer {
        let head = String(decoding: try take(through: Array("\r\n\r\n".utf8)), as: UTF8.self)
        let words = head.split(separator: " ", maxSplits: 2)
        guard words.count == 3, words[0] == "HTTP/1.1", let status = Int(words[1]) else {
            throw Failure(what: "no status line: \(head)")
        }
        return Answer(status: status, head: head, body: [])
    }

    /// The next chunk of a body; nil for the last.
    package func chunk() throws -> [UInt8]? {
        let line = String(decoding: try take(through: [0x0d, 0x0a]).dropLast(2), as: UTF8.self)
        guard let size = Int(line, radix: 16) else { throw Failure(what: "chunk size \(line)") }
        let piece = try take(size)
        guard try take(2) == [0x0d, 0x0a] else { throw Failure(what: "chunk end") }
        return size == 0 ? nil : piece
    }

    /// Sends `byte` again and again, as slowly as asked, until the server answers or closes.
    ///
    /// - Parameter milliseconds: between two bytes; an answer ends the wait at once.
    package func drip(_ byte: Character, every milliseconds: Int32) throws {
        var watched = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        while poll(&watched, 1, milliseconds) == 0 { sendIgnoringErrors(String(byte)) }
    }

    /// False when `milliseconds` pass without a byte from the server, or its end.
    package func hasSomethingToRead(within milliseconds: Int32) throws -> Bool {
        var watched = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&watched, 1, milliseconds) != 0
    }

    /// Everything up to the server's end.
    package func rest() throws -> [UInt8] {
        while try receive() {}
        defer { buffer = [] }
        return buffer
    }

    /// True when the server closes without sending another byte.
    package func isClosedWithoutAnotherByte() throws -> Bool { try rest().isEmpty }

    private func take(_ count: Int) throws -> [UInt8] {
        while buffer.count < count {
            guard try receive() else { throw Failure(what: "closed after \(buffer.count) of \(count) bytes") }
        }
        defer { buffer.removeFirst(count) }
        return Array(buffer.prefix(count))
    }

    private func take(through mark: [UInt8]) throws -> [UInt8] {
        var looked = 0
        while true {
            while looked + mark.count <= buffer.count {
                if buffer[looked..<(looked + mark.count)].elementsEqual(mark) { return try take(looked + mark.count) }
                looked += 1
            }
            guard try receive() else { throw Failure(what: "closed before \(mark)") }
        }
    }

    /// False at the end; a reset counts as one.
    private func receive() throws -> Bool {
        var piece = [UInt8](repeating: 0, count: 64 << 10)
        let count = recv(descriptor, &piece, piece.count, 0)
        if count < 0, errno != ECONNRESET { throw Failure(what: "receive \(errno)") }
        guard count > 0 else { return false }
        buffer.append(contentsOf: piece[..<count])
        return true
    }
}
