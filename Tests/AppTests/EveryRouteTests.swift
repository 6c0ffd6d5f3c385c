import App
import Core
import DemoShop
import HTTP
import MetaCloudAPI
import OrderNotifications
import PluginKit
import Sandbox
import TestSupport
import Testing
import WooCommerce

/// Every route of the whole program, the plugins' among them, against everybody who may knock.
struct EveryRouteTests {
    private let house: TestHost

    init() throws {
        let client = RecordingHTTPClient()
        // The doctor asks whether the house is reached: once for each role that may send for it.
        for _ in 0..<2 {
            client.expect(
                .get, "https://cartwright.example/healthz", failure: HTTPClientError(.notSent, "nobody is outside"))
        }
        house = try TestHost(
            plugins: [
                WooCommercePlugin(), MetaCloudAPIPlugin(), OrderNotificationsPlugin(), SandboxPlugin(),
                DemoShopPlugin(),
            ], client: client, options: { $0.demo = true })
    }

    private func knock(_ route: Route, as caller: TestCaller) throws -> TestResponse {
        // Who may enter is decided before anything is looked up, so any name will do for what the path asks for.
        let address = route.path.replacing(/\{[^}]*\}/, with: "1")
        let body: TestBody
        if [.get, .head, .delete].contains(route.method) {
            body = .none
        } else {
            body = route.path.hasPrefix("/api/") ? .json("{}") : .form([])
        }
        return try house.send(route.method, address, body, as: caller)
    }

    @Test func `a page of the admin lets in its role and those above, and nobody else`() throws {
        let people = try Dictionary(
            uniqueKeysWithValues: Role.allCases.map { ($0, try house.person($0)) })
        var pages = 0
        for route in house.application.allRoutes where route.path != "/admin/logout" {
            guard case .role(let least) = route.access else { continue }
            pages += 1
            let what = "\(route.method) \(route.path)"
            let stranger = try knock(route, as: .nobody)
            #expect(stranger.status == 303, "\(what)")
            #expect(stranger.location?.hasPrefix("/admin/login?next=") == true, "\(what)")
            for (role, person) in people {
                let answer = try knock(route, as: person)
                #expect((answer.status == 403) == (role < least), "\(what) as \(role.rawValue): \(answer.status)")
                #expect(answer.status < 500, "\(what) as \(role.rawValue): \(answer.status)")
            }
        }
        #expect(pages > 30)
    }

    @Test func `a call of the API lets in its scope and those above, and nobody else`() throws {
        let keys = try Dictionary(
            uniqueKeysWithValues: Scope.allCases.map { ($0, try house.key($0, name: $0.rawValue)) })
        let person = try house.person()
        var calls = 0
        for route in house.application.allRoutes {
            guard case .scope(let least) = route.access else { continue }
            calls += 1
            let what = "\(route.method) \(route.path)"
            #expect(try knock(route, as: .nobody).status == 401, "\(what)")
            #expect(try knock(route, as: person).status == 401, "\(what) with a session")
            for (scope, key) in keys {
                let answer = try knock(route, as: key)
                #expect((answer.status == 403) == (scope < least), "\(what) as \(scope.rawValue): \(answer.status)")
                #expect(answer.status < 500, "\(what) as \(scope.rawValue): \(answer.status)")
            }
        }
        #expect(calls > 15)
    }
}
