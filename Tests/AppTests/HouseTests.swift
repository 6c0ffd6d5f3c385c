import HTTP
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
        let page = try house.get("/admin/nowhere", as: house.person())
        #expect(page.status == 404)
        #expect(page.headers["Content-Type"] == "text/html; charset=utf-8")
    }
}
