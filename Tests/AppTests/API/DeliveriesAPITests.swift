import App
import Core
import Database
import Domain
import HTTP
import Messaging
import PluginKit
import Store
import TestSupport
import Testing
import Text

/// Webhooks that came in, by API.
struct DeliveriesAPITests {
    @Test func `a delivery is listed, shown whole, and worked once more when asked`() throws {
        let house = try TestHost()
        let key = try house.key(.write)
        let now = house.clock.now()
        let stored = try house.host.database.write { tx in
            try DeliveriesTable.store(
                endpoint: "till", topic: "order.updated", headers: [("X-Topic", "order.updated")],
                body: Array("{\"id\":7}".utf8), lane: "order:7", at: now, in: tx)
        }
        let id = try #require(stored)
        let shapes = try APIShapes(house)
        #expect(try house.send(.post, "/api/v1/deliveries/\(id)/replay", as: key).problem == ["409"])
        try house.work()
        let list = try house.get("/api/v1/deliveries?state=kept&endpoint=till", as: key).json()
        #expect(shapes.problems(ofEach: list, as: "Delivery") == [])
        #expect(list["data"][0]["note"].string == "delivery.no_reader")
        let one = try house.get("/api/v1/deliveries/\(id)", as: key).json()
        #expect(shapes.problems(of: one, as: "DeliveryWithBody") == [])
        #expect(one["body"].string == "{\"id\":7}" && one["headers"][0]["value"].string == "order.updated")
        let replayed = try house.send(.post, "/api/v1/deliveries/\(id)/replay", as: key)
        #expect(replayed.status == 202)
        #expect(try replayed.json()["state"].string == "waiting")
        try house.work()
        #expect(try house.get("/api/v1/deliveries/\(id)", as: key).json()["state"].string == "kept")
    }
}
