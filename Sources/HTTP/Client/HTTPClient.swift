/// The only way out of the house: every call to an outside service goes through one of these.
package protocol HTTPClient: Sendable {
    /// Waits for the answer. Never call it on a thread that must not block.
    func send(_ request: OutboundRequest) throws(HTTPClientError) -> OutboundResponse

    /// Returns at once. `completion` is called exactly once, on a thread of the client, and must not wait.
    func submit(
        _ request: OutboundRequest,
        completion: @escaping @Sendable (Result<OutboundResponse, HTTPClientError>) -> Void)

    /// How many requests that are not repeatable could start at this moment.
    var freeSlots: Int { get }
}
