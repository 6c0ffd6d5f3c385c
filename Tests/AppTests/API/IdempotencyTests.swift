import App
import Core
import Crypto
import Database
import HTTP
import Messaging
import PluginKit
import SQL
import Store
import TestSupport
import Testing
import Text

/// `Idempotency-Key`: the same call has its effect once.
struct IdempotencyTests {
    private let house: TestHost
    private let key: TestCaller

    init() throws {
        house = try TestHost()
        key = try house.key(.write)
    }

    @discardableResult private func add(_ phone: String, under name: String, as caller: TestCaller? = nil) throws
        -> TestResponse
    {
        try house.send(
            .post, "/api/v1/contacts", .json("{\"phone\":\"\(phone)\"}"), headers: ["Idempotency-Key": name],
            as: caller ?? key)
    }

    @Test func `the same call again gets the first answer, and nothing happens twice`() throws {
        let first = try add("+12025550101", under: "a")
        let second = try add("+12025550101", under: "a")
        #expect(first.status == 201 && second.status == 201)
        #expect(first.headers["Idempotent-Replayed"] == nil)
        #expect(second.headers["Idempotent-Replayed"] == "true")
        #expect(second.bytes == first.bytes)
        #expect(second.location == first.location)
        #expect(try house.get("/api/v1/contacts", as: key).json()["data"].array?.count == 1)
    }

    @Test func `another body under the same key is 422`() throws {
        try add("+12025550101", under: "a")
        #expect(try add("+12025550102", under: "a").problem == ["422", "Idempotency-Key:mismatch"])
    }

    @Test func `a call that is still running is 409`() throws {
        let now = house.clock.now()
        let token = try house.host.database.read { tx in try TokensTable.all(in: tx)[0].id }
        let path = IdempotencyTable.Key(token: token, path: "/api/v1/contacts", key: "a")
        let body = Array("{\"phone\":\"+12025550101\"}".utf8)
        _ = try house.host.database.write { tx in
            try IdempotencyTable.begin(path, requestHash: SHA256.hash(body), at: now, in: tx)
        }
        #expect(try add("+12025550101", under: "a").problem == ["409"])
    }

    @Test func `a call that was refused may be tried again under its key`() throws {
        try house.contact("+12025550101")
        #expect(try add("+12025550101", under: "a").problem.first == "409")
        #expect(try add("not a phone", under: "b").problem.first == "422")
        let id = try house.get("/api/v1/contacts", as: key).json()["data"][0]["id"].string ?? ""
        try house.send(.delete, "/api/v1/contacts/\(id)", as: key)
        #expect(try add("+12025550101", under: "a").status == 201)
        #expect(try add("+12025550102", under: "b").status == 201)
    }

    @Test func `a key is its token's own, its path's own, and forgotten after a day`() throws {
        try add("+12025550101", under: "a")
        let other = try house.key(.write, name: "other")
        #expect(try add("+12025550102", under: "a", as: other).status == 201)
        house.clock.advance(by: .hours(24))
        #expect(try add("+12025550103", under: "a").status == 201)
    }
}
