import Core
import Database
import HTTP
import SQL
import TestSupport
import Testing

/// The program on a disk that takes no changes any more: pages show, what comes in is told to come again, and what was
/// kept stays.
@Suite(.serialized, .enabled(if: JournalledDisk.canBeMounted, "it takes root and a loop device to mount a disk"))
struct `A server whose disk turns read-only` {
    private static let password = "correct horse battery"

    private struct Shop {
        let server: ServerProcess
        let token: String

        func place(_ number: Int) throws -> OutboundResponse {
            try server.send(.post, "/api/v1/orders", json: DiskShop.order(number), token: token)
        }

        func isReady() throws -> Bool { try server.send(.get, "/readyz").status == 200 }

        func orders() throws -> Int {
            let answer = try server.send(.get, "/api/v1/orders?limit=200", token: token)
            return String(decoding: answer.body, as: UTF8.self).matches(of: /"external_id":/).count
        }

        /// What the API says to a request that wants something kept.
        func expectRefusal(of number: Int) throws {
            let answer = try place(number)
            #expect(answer.status == 503 && answer.headers["Retry-After"] == "10")
            #expect(String(decoding: answer.body, as: UTF8.self).contains("disk takes no changes"))
        }
    }

    private func person(on disk: JournalledDisk, _ server: ServerProcess) throws -> SignedInProcess {
        let add = ["user", "add", "--email", "owner@shop.example", "--role", "owner", "--password-stdin"]
        let run = try Cartwright.run(add + ["--data", disk.data], input: Self.password + "\n")
        guard run.status == 0 else { throw ProcessFailure(run.errors) }
        return try SignedInProcess("owner@shop.example", Self.password, on: server.site)
    }

    @Test func `answers 503 while its files may not be changed, and goes on by itself when they may`() throws {
        let disk = try JournalledDisk(megabytes: 32)
        try DiskShop.set(["sending.channel": "sandbox"], in: disk.data)
        let shop = Shop(server: try ServerProcess(data: disk.data), token: try DiskShop.token(in: disk.data))
        let owner = try person(on: disk, shop.server)
        for number in 0..<5 { #expect(try shop.place(number).status == 201) }

        let files = ["cartwright.db", "cartwright.db-wal"]
        try disk.protect(true, files)
        for number in 5..<10 { try shop.expectRefusal(of: number) }
        #expect(try DiskShop.eventually(within: .seconds(10)) { try !shop.isReady() })
        #expect(try shop.server.send(.get, "/healthz").status == 200)
        #expect(try shop.orders() == 5)
        for page in ["/admin", "/admin/orders", "/admin/messages"] { #expect(try !owner.page(page).isEmpty) }

        try disk.protect(false, files)
        #expect(try DiskShop.eventually(within: .seconds(10)) { try shop.isReady() })
        for number in 5..<10 { #expect(try shop.place(number).status == 201) }
        #expect(try shop.orders() == 10)
        let log = shop.server.log
        #expect(log.contains("database cannot be written") && log.contains("make the disk and the file writable"))
        #expect(log.contains("database can be written again"))
        #expect(try shop.server.stop() == .exited(0))
    }

    @Test func `after an error keeps what it had, and goes on from there once the disk is mounted anew`() throws {
        let disk = try JournalledDisk(megabytes: 32)
        try DiskShop.set(["sending.channel": "sandbox"], in: disk.data)
        let token = try DiskShop.token(in: disk.data)
        let first = Shop(server: try ServerProcess(data: disk.data), token: token)
        let owner = try person(on: disk, first.server)
        for number in 0..<5 { #expect(try first.place(number).status == 201) }

        try disk.abort()
        for number in 5..<10 { try first.expectRefusal(of: number) }
        #expect(try DiskShop.eventually(within: .seconds(10)) { try !first.isReady() })
        #expect(try first.orders() == 5)
        for page in ["/admin", "/admin/orders", "/admin/messages"] { #expect(try !owner.page(page).isEmpty) }
        #expect(try first.server.stop() == .exited(0))

        try disk.mountAnew()
        try disk.protect(true)
        let run = try Cartwright.run(["settings", "set", "site.name", "Wire", "--data", disk.data])
        #expect(run.status == 1)
        #expect(run.errors.split(separator: "\n").count == 1)
        #expect(run.errors.contains("make the disk and the file writable"), "\(run.errors)")

        try disk.protect(false)
        let second = Shop(server: try ServerProcess(data: disk.data), token: token)
        #expect(try second.orders() == 5)
        for number in 5..<10 { #expect(try second.place(number).status == 201) }
        #expect(try second.orders() == 10)
        #expect(try second.server.stop() == .exited(0))
        let database = try Database(
            .file(disk.data + "/cartwright.db"), clock: SystemClock(), log: TestDatabase.quiet)
        defer { database.close() }
        #expect(try database.inspect(atMost: .seconds(30)).integrity == .sound)
    }
}
