import App
import Core
import HTTP
import TestSupport
import Testing
import Text

/// The document that describes the API is the API.
struct OpenAPITests {
    @Test func `every route of the API is in the document, and nothing else is`() throws {
        let house = try TestHost()
        let document = try house.get("/api/v1/openapi.json").json()
        #expect(document["openapi"].string == "3.1.0")
        let described = (document["paths"].object ?? []).flatMap { path, methods in
            (methods.object ?? []).map { "\($0.key.uppercased()) \(path)" }
        }
        let served = house.application.allRoutes.filter { $0.path.hasPrefix("/api/") }
            .map { "\($0.method.rawValue) \($0.path)" }
        #expect(described.sorted() == served.sorted())
        #expect(served.count > 20)
    }

    @Test func `every shape that is referred to stands among the components`() throws {
        let document = try TestHost().get("/api/v1/openapi.json")
        let names = Set((try document.json()["components"]["schemas"].object ?? []).map(\.key))
        let referred = document.text.split(separator: "#/components/schemas/").dropFirst()
            .map { String($0.prefix { $0 != "\"" }) }
        #expect(!referred.isEmpty)
        #expect(Set(referred).subtracting(names).isEmpty)
    }

    @Test func `each route asks for the scope that the document says`() throws {
        let house = try TestHost()
        let document = try house.get("/api/v1/openapi.json").json()
        for route in house.application.allRoutes where route.path.hasPrefix("/api/") {
            let operation = document["paths"][route.path][route.method.rawValue.lowercased()]
            let told = operation["security"][0]["key"][0].string
            switch route.access {
            case .scope(let scope): #expect(told == scope.rawValue)
            case .public, .role: #expect(told == nil)
            }
        }
    }
}
