import App
import Core
import Domain
import HTTP
import SQL
import Store
import Synchronization
import Templating
import TestSupport
import Testing
import WooCommerce

/// A shop that has a bad day, a program that dies, and people who change settings.
@Suite struct `Asking a shop that has a bad day` {
    /// Passes on so many calls; then the program is as good as dead.
    final class DyingClient: HTTPClient {
        private let client: CurlClient
        private let left: Mutex<Int>

        init(calls: Int) throws {
            client = try CurlClient(version: "test")
            left = Mutex(calls)
        }

        var freeSlots: Int { client.freeSlots }
        func revive() { left.withLock { $0 = .max } }

        func send(_ request: OutboundRequest) throws(HTTPClientError) -> OutboundResponse {
            let isAlive = left.withLock { left in
                left -= 1
                return left >= 0
            }
            guard isAlive else { throw HTTPClientError(.notSent, "killed") }
            return try client.send(request)
        }

        func submit(
            _ request: OutboundRequest,
            completion: @escaping @Sendable (Result<OutboundResponse, HTTPClientError>) -> Void
        ) { client.submit(request, completion: completion) }
    }

    @Test func `goes on where it stood when it is killed between two pages`() throws {
        let client = try DyingClient(calls: 2)
        let test = try PolledHouse(client: client)
        let start = test.clock.now()
        for number in 0..<350 { test.shop.placeOrder(at: start + .seconds(Int64(number))) }
        try test.poll(after: .minutes(6))
        #expect(test.texts.count == 198)
        #expect(try test.state()?.failures == 1)
        client.revive()
        let before = test.calls
        try test.poll(after: .minutes(1))
        #expect(test.texts.count == 350)
        #expect(Set(test.texts).count == 350)
        // Two pages were stored, and are not asked for again.
        #expect(test.calls - before == 2)
    }

    @Test func `lets the program stop after each page, and goes on`() throws {
        let test = try PolledHouse()
        let start = test.clock.now()
        for number in 0..<250 { test.shop.placeOrder(at: start + .seconds(Int64(number))) }
        test.clock.advance(by: .minutes(5))
        test.house.host.workforce.stop()
        var calls = [test.calls]
        while calls.count < 4 {
            _ = try test.house.turns.runJobs()
            if test.calls != calls.last { calls.append(test.calls) }
        }
        #expect(calls == [0, 1, 2, 3])
        try test.house.work()
        #expect(test.texts.count == 250)
        #expect(Set(test.texts).count == 250)
    }

    @Test(arguments: [
        Behaviour.json(500, #"{"code":"internal_server_error","message":"x","data":{"status":500}}"#),
        .answer(502, headers: ["Content-Type": "text/html"], body: Array("<html>Bad gateway</html>".utf8)),
        .answer(200, headers: ["Content-Type": "text/html"], body: Array("<!doctype html><p>Soon</p>".utf8)),
        .json(200, #"[{"id":1,"#), .json(200, #"{"orders":[]}"#), .close, .reset,
        .rawThenClose("HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n[{"),
    ])
    func `tries again soon, and nothing is lost`(behaviour: Behaviour) throws {
        let test = try PolledHouse()
        test.shop.placeOrder()
        // The client repeats a call whose connection died.
        for _ in 1...6 { test.shop.misbehave(behaviour) }
        try test.house.runJobs()
        let state = try #require(try test.state())
        #expect(state.failures == 1)
        #expect(state.trouble != nil)
        #expect(state.nextAt == test.clock.now() + .seconds(10))
        #expect(try test.openAlerts().isEmpty)
        for _ in 1...6 { try test.poll() }
        #expect(test.texts.count == 1)
        #expect(try test.state()?.trouble == nil)
        #expect(try test.state()?.failures == 0)
    }

    @Test(arguments: [429, 503])
    func `waits as long as the shop asks for`(status: Int) throws {
        let test = try PolledHouse()
        test.shop.placeOrder()
        test.shop.misbehave(
            .answer(
                status, headers: ["Retry-After": "700", "Content-Type": "application/json"],
                body: Array(#"{"code":"busy","message":"Slow down."}"#.utf8)))
        try test.house.runJobs()
        try test.poll(after: .minutes(10))
        #expect(test.calls == 0)
        #expect(test.texts.isEmpty)
        try test.poll(after: .minutes(2))
        #expect(test.texts.count == 1)
    }

    @Test func `tells a person when its keys are refused, and when they are good again`() throws {
        let test = try PolledHouse()
        try test.house.host.settings.change(["woocommerce.consumer_secret": "cs_wrong"], by: "test")
        try test.poll()
        #expect(try test.openAlerts() == ["woocommerce.keys"])
        #expect(try test.state()?.trouble?.key == "shop.error.refused_keys")
        let calls = test.calls
        try test.poll(after: .minutes(1))
        #expect(test.calls == calls)
        test.shop.placeOrder()
        try test.house.host.settings.change(
            ["woocommerce.consumer_secret": test.shop.consumerSecret.reveal()], by: "test")
        try test.poll()
        #expect(try test.openAlerts().isEmpty)
        #expect(test.texts.count == 1)
    }

    @Test func `tells a person when the shop is out of reach for an hour`() throws {
        let test = try PolledHouse()
        test.shop.stop()
        try test.house.runJobs()
        #expect(try test.openAlerts().isEmpty)
        for _ in 1...8 {
            test.clock.advance(by: .minutes(10))
            try test.house.runJobs()
        }
        #expect(try test.openAlerts() == ["woocommerce.poll"])
    }

    @Test func `follows its interval while the program runs, also when it is off`() throws {
        let test = try PolledHouse(settings: ["woocommerce.poll": "1h"])
        try test.house.runJobs()
        #expect(test.calls == 1)
        try test.poll(after: .minutes(30))
        #expect(test.calls == 1)
        try test.house.host.settings.change(["woocommerce.poll": "1m"], by: "test")
        try test.house.runJobs()
        try test.poll(after: .minutes(1))
        #expect(test.calls == 2)
        try test.house.host.settings.change(["woocommerce.poll": "off"], by: "test")
        try test.poll(after: .days(2))
        #expect(test.calls == 2)
    }

    @Test func `has nothing to tell once it is off`() throws {
        let test = try PolledHouse()
        test.shop.stop()
        for _ in 1...8 {
            test.clock.advance(by: .minutes(10))
            try test.house.runJobs()
        }
        #expect(try test.openAlerts() == ["woocommerce.poll"])
        try test.house.host.settings.change(["woocommerce.poll": "off"], by: "test")
        #expect(try test.openAlerts().isEmpty)
        try test.poll(after: .hours(2))
        #expect(try test.openAlerts().contains("woocommerce.poll") == false)
    }

    @Test func `asks nobody before a shop is connected`() throws {
        let test = try PolledHouse(hasKeys: false)
        try test.poll()
        #expect(test.shop.requests.isEmpty)
        #expect(try test.openAlerts().isEmpty)
        #expect(try test.state() == nil)
    }
}
