import Core
import Glibc
import HTTP
import TestSupport
import Testing

/// A client that takes its time must not keep the write-ahead log from starting anew.
@Suite struct `A slow download` {
    /// More than 200 kB in the log of each.
    private static func order(_ number: Int) -> String {
        let areas = [202, 206, 212, 213, 214, 215, 216, 217, 218, 219]
        let phone = "+1\(areas[number / 100 % 10])5550\(number % 100 + 100)"
        let name = String(repeating: "x", count: 490)
        let item = #"{"name":"\#(name)","quantity":1,"total":{"amount":"1.00","currency":"USD"}}"#
        return """
            {"id":"\(number)","number":"\(number)","status":"processing","created_at":"2026-11-20T10:20:00Z",
             "updated_at":"2026-11-20T10:20:00Z","total":{"amount":"29.90","currency":"USD"},
             "customer":{"first_name":"Ana","phone":"\(phone)","country":"US"},
             "items":[\(Array(repeating: item, count: 100).joined(separator: ","))]}
            """
    }

    @Test func `leaves the log small while orders keep coming`() throws {
        let folder = try TemporaryFolder()
        let data = folder.file("data")
        let token = String(
            try Cartwright.run(["token", "create", "--name", "shop", "--scope", "write", "--data", data]).output
                .dropLast())
        let server = try ServerProcess(data: data)
        func place(_ numbers: Range<Int>) throws {
            try Concurrently.run(4) { side in
                for number in numbers where number % 4 == side {
                    let answer = try server.send(.post, "/api/v1/orders", json: Self.order(number), token: token)
                    guard answer.status == 201 else { throw ProcessFailure("order \(number): \(answer.status)") }
                }
            }
        }
        try place(0..<120)
        // More than the buffers of both sides hold, and not one byte of it is taken.
        let port = UInt16(server.url.split(separator: ":").last ?? "") ?? 0
        let client = try connect(to: port)
        defer { close(client) }
        let request =
            "GET /api/v1/orders?limit=200 HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer \(token)\r\n\r\n"
        #expect(write(client, request, request.utf8.count) == request.utf8.count)
        var first = pollfd(fd: client, events: Int16(POLLIN), revents: 0)
        #expect(poll(&first, 1, 30_000) == 1)

        let before = try Self.restarts(of: data)
        var next = 120
        while try Self.restarts(of: data) == before, next < 620 {
            try place(next..<next + 40)
            next += 40
        }
        #expect(try Self.restarts(of: data) > before)
        var status = stat()
        #expect(stat(data + "/cartwright.db-wal", &status) == 0)
        // 32 MB is where the log starts anew.
        #expect(status.st_size < 64 << 20)
        #expect(try server.stop() == .exited(0))
    }

    /// How often the log has started anew: its header counts (https://sqlite.org/fileformat2.html#walformat).
    private static func restarts(of data: String) throws -> Int {
        let file = open(data + "/cartwright.db-wal", O_RDONLY | O_CLOEXEC)
        defer { close(file) }
        var count = [UInt8](repeating: 0, count: 4)
        guard file >= 0, pread(file, &count, 4, 12) == 4 else { throw ProcessFailure("no log") }
        return count.reduce(0) { $0 << 8 | Int($1) }
    }

    private func connect(to port: UInt16) throws -> Int32 {
        let client = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var small: Int32 = 4096
        setsockopt(client, SOL_SOCKET, SO_RCVBUF, &small, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let status = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(client, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard status == 0 else { throw ProcessFailure("no connection to the server") }
        return client
    }
}
