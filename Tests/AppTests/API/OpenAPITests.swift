import App
import Core
import HTTP
import Store
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

/// What the document promises is what happens. (`TestHost` holds every answer in every test against the document.)
struct OpenAPIPromiseTests {
    private let house: TestHost
    private let document: JSON

    init() throws {
        house = try TestHost()
        document = try house.get("/api/v1/openapi.json").json()
    }

    private var operations: [(path: String, method: String, operation: JSON)] {
        (document["paths"].object ?? []).flatMap { path, methods in
            (methods.object ?? []).map { (path, $0.key.uppercased(), $0.value) }
        }
    }

    @Test func `each operation has a name of its own, a tag and a sentence`() throws {
        let names = operations.compactMap(\.operation["operationId"].string)
        #expect(names.count == operations.count && Set(names).count == names.count)
        let tags = Set((document["tags"].array ?? []).compactMap(\.["name"].string))
        for (path, method, operation) in operations {
            #expect(tags.contains(operation["tags"][0].string ?? ""), "\(method) \(path)")
            #expect(operation["summary"].string?.hasSuffix(".") == true, "\(method) \(path)")
        }
    }

    @Test func `the example of each body is of its shape and is taken as it stands`() throws {
        let key = try house.key(.admin)
        let contact = try house.contact("+12025550199")
        let schema = JSONSchema(openAPI: document)
        var examples = 0
        for (path, method, operation) in operations {
            let media = operation["requestBody"]["content"]["application/json"]
            guard media.exists else { continue }
            examples += 1
            let component = media["schema"]["$ref"].string?.split(separator: "/").last.map(String.init) ?? ""
            #expect(schema.violations(of: media["example"], component: component) == [], "\(method) \(path)")
            var body = JSONWriter()
            body.value(media["example"])
            let answer = try house.send(
                Method(rawValue: method), path.replacing("{id}", with: contact.id.description),
                .json(String(decoding: body.bytes, as: UTF8.self)), as: key)
            #expect((200...202).contains(answer.status), "\(method) \(path): \(answer.text)")
        }
        #expect(examples > 5)
    }

    @Test func `each POST heeds an Idempotency-Key`() throws {
        let key = try house.key(.admin)
        let posts = operations.filter { $0.method == "POST" }
        #expect(posts.count > 8)
        for (path, _, operation) in posts {
            #expect(operation["parameters"].array?.last?["name"].string == "Idempotency-Key", "\(path)")
            let address = path.replacing("{id}", with: "1").replacing("{plugin}", with: "sandbox")
            let body = operation["requestBody"].exists ? TestBody.json("{}") : .none
            let answer = try house.send(
                .post, address, body, headers: ["Idempotency-Key": String(repeating: "k", count: 256)], as: key)
            // A plugin that this house does not have is looked for first.
            #expect(answer.status == (path.contains("{plugin}") ? 404 : 400), "\(path): \(answer.text)")
        }
    }

    @Test func `OPTIONS and HEAD are answered everywhere`() throws {
        let key = try house.key(.admin)
        for (path, methods) in document["paths"].object ?? [] {
            let address = path.replacing("{id}", with: "1").replacing("{plugin}", with: "sandbox")
            let options = try house.send(.options, address)
            let allowed = (options.headers["Allow"] ?? "").split(separator: ", ").map(String.init)
            let told = (methods.object ?? []).map { $0.key.uppercased() }
            #expect(options.status == 204)
            #expect(allowed == Set(told + ["OPTIONS"] + (told.contains("GET") ? ["HEAD"] : [])).sorted())
            guard told.contains("GET") else { continue }
            let (head, get) = (try house.send(.head, address, as: key), try house.get(address, as: key))
            #expect(head.status == get.status && head.headers["Content-Type"] == get.headers["Content-Type"])
        }
    }
}
