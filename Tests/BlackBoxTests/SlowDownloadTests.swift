import Core
import Glibc
import HTTP
import TestSupport
import Testing

/// A client that takes its time must not keep the write-ahead log from starting anew.
@Suite struct `A slow download` {
    @Test func `leaves the log small while orders keep coming`() throws {
        let folder = try TemporaryFolder()
        let data = folder.file("data")
        let token = try DiskShop.token(in: data)
        let server = try ServerProcess(data: data)
        func place(_ numbers: Range<Int>) throws {
            try Concurrently.run(4) { side in
                for number in numbers where number % 4 == side {
                    // More than 200 kB in the log of each.
                    let order = DiskShop.order(number, items: 100)
                    let answer = try server.send(.post, "/api/v1/orders", json: order, token: token)
                    guard answer.status == 201 else { throw ProcessFailure("order \(number): \(answer.status)") }
                }
            }
        }
        try place(0..<120)
        // More than the buffers of both sides hold, and not one byte of it is taken.
        let port = UInt16(server.url.split(separator: ":").last ?? "") ?? 0
        let client = try RawClient(port: port, receiveBuffer: 4096)
        defer { withExtendedLifetime(client) {} }
        try client.send(
            "GET /api/v1/orders?limit=200 HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer \(token)\r\n\r\n")
        #expect(try client.hasSomethingToRead(within: 30_000))

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
}
