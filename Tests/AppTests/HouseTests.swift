import Core
import HTTP
import SQL
import TestSupport
import Testing
import Text

/// The front door of a whole program, as every test of pages and API goes through it.
struct HouseTests {
    @Test func `a fresh house answers that it is alive and ready`() throws {
        let house = try TestHost()
        #expect(try house.get("/healthz").text == "ok\n")
        #expect(try house.get("/readyz").json()["status"].string == "ready")
    }

    @Test func `an address that leads nowhere gives programs a problem document and people a page`() throws {
        let house = try TestHost()
        let problem = try house.get("/api/v1/nowhere")
        #expect(problem.status == 404)
        #expect(problem.headers["Content-Type"] == "application/problem+json")
        #expect(try house.post("/api/v1/nowhere", json: #"{"id":"7"}"#).status == 404)
        let page = try house.get("/admin/nowhere", as: house.person())
        #expect(page.status == 404)
        #expect(page.headers["Content-Type"] == "text/html; charset=utf-8")
    }

    @Test(arguments: ["/admin/search?q=a%00", "/admin/orders?status=%00", "/admin/orders?%00"])
    func `a field with a NUL is refused`(target: String) throws {
        let house = try TestHost()
        #expect(try house.get(target, as: house.person()).status == 400)
    }

    @Test(arguments: TestDatabase.engines)
    func `an order's consent and a message go their way on every engine`(engine: Engine) throws {
        let house = try TestHost(engine)
        let key = try house.key(.write)
        let order = """
            {"id":"7","number":"7","status":"processing","created_at":"2026-11-20T10:20:00Z",
             "updated_at":"2026-11-20T10:20:00Z","total":{"amount":"29.90","currency":"EUR"},
             "customer":{"phone":"+12025550101"},"consent":{"orders":true}}
            """
        for status in [201, 201] {
            let answer = try house.send(
                .post, "/api/v1/orders", .json(order), headers: ["Idempotency-Key": "order-7"], as: key)
            #expect(answer.status == status)
        }
        let message = #"{"to":"+12025550101","purpose":"orders","text":"Thank you"}"#
        try house.post("/api/v1/messages", json: message, as: key)
        try house.work()
        try house.runJobs()
        #expect(house.channel.texts == ["Thank you"])
        let list = try house.get("/api/v1/messages?status=accepted", as: key).json()
        #expect(list["data"].array?.count == 1)
        #expect(try house.get("/api/v1/consents/verify", as: key).json()["ok"].bool == true)
    }
}
