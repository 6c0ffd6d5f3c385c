import App
import Core
package import HTTP
import Synchronization
import Testing
package import Text

/// Who sends a test's request.
package enum TestCaller: Sendable {
    case nobody
    /// A signed-in person: the cookie goes along, and the form's token with every form.
    case person(TestPerson)
    /// An API key.
    case key(String)
}

/// What a test's request carries.
package enum TestBody: Sendable {
    case none
    case json(String)
    case form([(name: String, value: String)])
    case bytes([UInt8], type: String)
}

extension TestHost {
    /// Sends a request through the front door, as the server would hand it over: the head is read by the server's own
    /// reader, a body over the route's limit is answered 413.
    @discardableResult
    package func send(
        _ method: Method, _ target: String, _ body: TestBody = .none, headers: Headers = [:],
        as caller: TestCaller = .nobody, from address: String = "203.0.113.7"
    ) throws -> TestResponse {
        let request = try TestRequest(method, target, body, headers: headers, as: caller)
        return try send(request, from: address)
    }

    @discardableResult
    package func get(_ target: String, as caller: TestCaller = .nobody) throws -> TestResponse {
        try send(.get, target, as: caller)
    }

    @discardableResult
    package func post(_ target: String, json: String, as caller: TestCaller = .nobody) throws -> TestResponse {
        try send(.post, target, .json(json), as: caller)
    }

    @discardableResult
    package func post(
        _ target: String, form: [(name: String, value: String)], as caller: TestCaller = .nobody
    ) throws -> TestResponse {
        try send(.post, target, .form(form), as: caller)
    }

    /// Every answer of the API has to be as the published document says.
    @discardableResult
    package func send(_ sent: TestRequest, from address: String = "203.0.113.7") throws -> TestResponse {
        let head = try RequestHead(sent.head[...], Limits())
        let response = try answer(sent, head, from: address, id: nil)
        if head.target.path.hasPrefix("/api/v1/"), head.target.path != Self.documentPath {
            let problems = try contract().problems(of: response, to: head.method, head.target.path)
            if !problems.isEmpty {
                Issue.record("\(head.method) \(head.target.path): \(problems.joined(separator: "; "))")
            }
        }
        return response
    }

    private static let documentPath = "/api/v1/openapi.json"

    /// Read once for all: no plugin adds to the API.
    private func contract() throws -> APIContract {
        try publishedContract.withLock { kept in
            if let kept { return kept }
            let asked = try TestRequest(.get, Self.documentPath, .none, headers: [:], as: .nobody)
            // Not counted among the test's own requests, whose ids are recorded.
            let made = APIContract(try answer(asked, RequestHead(asked.head[...], Limits()), id: "contract").json())
            kept = made
            return made
        }
    }

    private func answer(
        _ sent: TestRequest, _ head: RequestHead, from address: String = "203.0.113.7", id: String?
    ) throws -> TestResponse {
        guard let peer = IPAddress(address) else { throw TestRequest.Malformed(what: "\(address) is no address") }
        let dispatch = application.frontDoor.dispatch
        switch dispatch.plan(head) {
        case .answer(let response): return TestResponse(response, to: sent)
        case .run(let route, let parameters):
            guard sent.body.count <= route.bodyLimit || route.kind == .streaming else {
                return TestResponse(.text("Content Too Large\n", status: 413), to: sent)
            }
            let request = Request(
                method: head.method, target: head.target, headers: head.headers, body: sent.body, peer: peer)
            let context = Context(
                id: id ?? nextRequestID(), clientAddress: peer, receivedAt: clock.now(),
                deadline: clock.sinceBoot() + .seconds(25), parameters: parameters)
            do {
                return TestResponse(try dispatch.respond(route, request, context), to: sent)
            } catch {
                return TestResponse(dispatch.failure(error, request, context), to: sent)
            }
        }
    }
}

private let publishedContract = Mutex<APIContract?>(nil)

/// A request as its bytes.
package struct TestRequest: Sendable {
    package struct Malformed: Error, CustomStringConvertible {
        let what: String
        package var description: String { what }
    }

    package let head: [UInt8]
    package let body: [UInt8]

    package init(
        _ method: Method, _ target: String, _ body: TestBody, headers: Headers, as caller: TestCaller
    ) throws {
        var headers = headers
        var form: [(name: String, value: String)]?
        switch caller {
        case .nobody: break
        case .person(let person):
            let cookie = "cartwright=\(person.cookie)"
            headers["Cookie"] = headers["Cookie"].map { $0 + "; " + cookie } ?? cookie
        case .key(let key): headers["Authorization"] = "Bearer \(key)"
        }
        switch body {
        case .none: self.body = []
        case .json(let text):
            self.body = Array(text.utf8)
            headers["Content-Type"] = headers["Content-Type"] ?? "application/json"
        case .form(let fields):
            form = fields
            if case .person(let person) = caller, !fields.contains(where: { $0.name == "csrf" }) {
                form?.append((name: "csrf", value: person.csrf))
            }
            self.body = Form(form ?? []).encoded
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        case .bytes(let bytes, let type):
            self.body = bytes
            headers["Content-Type"] = type
        }
        headers["Host"] = headers["Host"] ?? "cartwright.example"
        if !self.body.isEmpty { headers["Content-Length"] = String(self.body.count) }
        let lines = headers.fields.map { "\($0.name): \($0.value)\r\n" }.joined()
        head = Array("\(method) \(target) HTTP/1.1\r\n\(lines)\r\n".utf8)
    }
}

/// What came back.
package struct TestResponse: Sendable {
    package let request: TestRequest
    package let status: Int
    package let headers: Headers
    /// Empty for a response that is streamed.
    package let bytes: [UInt8]

    init(_ response: Response, to request: TestRequest) {
        self.request = request
        status = response.status.rawValue
        headers = response.headers
        bytes = response.bytes ?? []
    }

    package var text: String { String(decoding: bytes, as: UTF8.self) }
    package var location: String? { headers["Location"] }

    /// The body read as JSON; throws with the place when it is none.
    package func json() throws -> JSON { try JSON(parsing: bytes, name: "") }
}
