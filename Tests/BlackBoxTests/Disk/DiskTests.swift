import Core
import Database
import Glibc
import HTTP
import SQL
import Synchronization
import TestSupport
import Testing

/// The program on a disk that takes no more: what it said it has is there, the rest is told to come again.
@Suite(.serialized) struct `A server whose disk` {
    @Test func `is full answers 503, and goes on by itself when there is room`() throws {
        let disk = try SmallDisk(megabytes: 16)
        let data = disk.data
        try DiskShop.set(["sending.channel": "sandbox"], in: data)
        let token = try DiskShop.token(in: data)
        let server = try ServerProcess(data: data)
        @Sendable func place(_ number: Int) throws -> OutboundResponse {
            try server.send(.post, "/api/v1/orders", json: DiskShop.order(number), token: token)
        }
        #expect(try place(0).status == 201)
        try disk.fill(leaving: 1_500_000, for: server)
        let taken = Mutex<Set<Int>>([0])
        let refused = Mutex<[Int]>([])
        try Concurrently.run(3) { side in
            for number in stride(from: 1 + side, to: 600, by: 3) {
                let answer = try place(number)
                if answer.status == 201 {
                    taken.withLock { _ = $0.insert(number) }
                } else {
                    #expect(answer.status == 503 && answer.headers["Retry-After"] == "10")
                    #expect(String(decoding: answer.body, as: UTF8.self).contains("disk is full"))
                    let count = refused.withLock { refused in
                        refused.append(number)
                        return refused.count
                    }
                    if count > 30 { return }
                }
            }
        }
        #expect(refused.withLock { $0.count } > 30)
        #expect(try DiskShop.eventually(within: .seconds(10)) { try server.send(.get, "/readyz").status == 503 })
        #expect(try server.send(.get, "/healthz").status == 200)
        #expect(try server.send(.get, "/api/v1/orders?limit=1", token: token).status == 200)

        try disk.makeRoom(for: server)
        #expect(try DiskShop.eventually(within: .seconds(10)) { try server.send(.get, "/readyz").status == 200 })
        for number in refused.withLock({ $0 }) { #expect([200, 201].contains(try place(number).status)) }
        let all = taken.withLock { $0 }.union(refused.withLock { $0 })
        let database = try Database(.file(data + "/cartwright.db"), clock: SystemClock(), log: TestDatabase.quiet)
        func count(_ query: Query) throws -> Int { try database.read { try $0.count(query) } }
        // What was begun as the disk filled is not left for its claim to end.
        #expect(
            try DiskShop.eventually(within: .seconds(40)) {
                try count("SELECT count(*) FROM events WHERE state = 'waiting'") == 0
            })
        #expect(try count("SELECT count(*) FROM orders") == all.count)
        #expect(try count("SELECT count(DISTINCT external_id) FROM orders") == all.count)
        #expect(
            try count("SELECT count(*) FROM messages WHERE source_kind = 'order'")
                == count("SELECT count(DISTINCT source_id) FROM messages WHERE source_kind = 'order'"))
        #expect(try database.inspect(atMost: .seconds(30)).integrity == .sound)
        database.close()
        let complaints = server.log.split(separator: "\n").filter { $0.contains("\"level\":\"error\"") }
        #expect(
            complaints.contains { $0.contains("database cannot be written") && $0.contains("make room on the disk") })
        #expect(complaints.count < 60)
        #expect(try server.stop() == .exited(0))
    }

    @Test(.enabled(if: SmallDisk.canBeMounted))
    func `is full from the start says so in one line, and keeps what it has`() throws {
        let disk = try SmallDisk(megabytes: 16)
        try DiskShop.set(["site.name": "Wool"], in: disk.data)
        try disk.fill(leaving: 0)
        let run = try Cartwright.run(["settings", "set", "site.name", "Wire", "--data", disk.data])
        #expect(run.status != 0)
        #expect(run.errors.split(separator: "\n").count == 1)
        #expect(run.errors.hasPrefix("cartwright: ") && run.errors.contains("make room on the disk"), "\(run.errors)")
        try disk.makeRoom()
        #expect(try Cartwright.run(["settings", "get", "site.name", "--data", disk.data]).output == "Wool\n")
    }

    @Test func `has damaged pages says which requests suffer, and serves the others`() throws {
        let folder = try TemporaryFolder()
        let data = folder.file("data")
        let token = try DiskShop.token(in: data)
        let first = try ServerProcess(data: data)
        for number in 0..<20 {
            #expect(try first.send(.post, "/api/v1/orders", json: DiskShop.order(number), token: token).status == 201)
        }
        #expect(try first.stop() == .exited(0))
        try damage(data + "/cartwright.db")

        let server = try ServerProcess(data: data)
        let answer = try server.send(.get, "/api/v1/orders?limit=200", token: token)
        #expect(answer.status == 503)
        #expect(answer.headers["Retry-After"] == "60")
        #expect(String(decoding: answer.body, as: UTF8.self).contains("database is damaged"))
        #expect(try server.send(.get, "/api/v1/contacts", token: token).status == 200)
        #expect(try Cartwright.run(["settings", "set", "site.name", "Wool", "--data", data]).status == 0)
        let ready = try server.send(.get, "/readyz")
        #expect(ready.status == 503)
        #expect(String(decoding: ready.body, as: UTF8.self).contains("damaged"))
        for _ in 0..<20 { _ = try server.send(.get, "/api/v1/orders?limit=200", token: token) }
        let told = server.log.split(separator: "\n").filter { $0.contains("database is damaged") }
        #expect((1...3).contains(told.count))
        #expect(told.first?.contains("restore the latest backup") == true)
        #expect(try server.stop() == .exited(0))
    }

    /// Overwrites the leaves of the orders' table.
    private func damage(_ path: String) throws {
        let folder = try TemporaryFolder()
        let question = "SELECT pageno FROM dbstat WHERE name = 'orders' AND pagetype IN ('leaf', 'overflow')"
        let process = try ChildProcess("/usr/bin/sqlite3", [path, question], errors: folder.file("errors"))
        let pages = String(decoding: try process.rest(), as: UTF8.self).split(separator: "\n").compactMap { Int($0) }
        let file = open(path, O_WRONLY | O_CLOEXEC)
        defer { close(file) }
        guard !pages.isEmpty, file >= 0 else { throw ProcessFailure("no pages: \(folder.text("errors"))") }
        let noise = [UInt8](repeating: 0xee, count: 4096)
        for page in pages { pwrite(file, noise, noise.count, off_t((page - 1) * 4096)) }
    }
}
