package import HTTP
import Synchronization
package import Testing

/// An `HTTPClient` that goes nowhere: it answers what a test expects, in any order, and fails the test for
/// anything else.
package final class RecordingHTTPClient: HTTPClient {
    private struct Expectation {
        let method: Method
        let url: String
        let result: Result<OutboundResponse, HTTPClientError>
    }

    private struct State {
        var expected: [Expectation] = []
        var requests: [OutboundRequest] = []
    }

    private let state = Mutex(State())
    package let freeSlots: Int

    package init(freeSlots: Int = 64) { self.freeSlots = freeSlots }

    /// Expects one call of exactly this method and URL.
    package func expect(_ method: Method, _ url: String, answer: OutboundResponse) {
        state.withLock { $0.expected.append(Expectation(method: method, url: url, result: .success(answer))) }
    }

    package func expect(_ method: Method, _ url: String, failure: HTTPClientError) {
        state.withLock { $0.expected.append(Expectation(method: method, url: url, result: .failure(failure))) }
    }

    /// Every request that came, expected or not.
    package var requests: [OutboundRequest] { state.withLock { $0.requests } }

    /// Fails the test when an expected call has not come.
    package func verify(sourceLocation: SourceLocation = #_sourceLocation) {
        for missing in state.withLock({ $0.expected }) {
            Issue.record("not called: \(missing.method) \(missing.url)", sourceLocation: sourceLocation)
        }
    }

    package func send(_ request: OutboundRequest) throws(HTTPClientError) -> OutboundResponse {
        let result = state.withLock { state in
            state.requests.append(request)
            let found = state.expected.firstIndex { $0.method == request.method && $0.url == request.url }
            return found.map { state.expected.remove(at: $0).result }
        }
        guard let result else {
            Issue.record("unexpected call: \(request.method) \(request.url)")
            throw HTTPClientError(.refused(.undeclaredHost), "the test expects no such call")
        }
        return try result.get()
    }

    package func submit(
        _ request: OutboundRequest,
        completion: @escaping @Sendable (Result<OutboundResponse, HTTPClientError>) -> Void
    ) {
        do throws(HTTPClientError) {
            completion(.success(try send(request)))
        } catch {
            completion(.failure(error))
        }
    }
}
