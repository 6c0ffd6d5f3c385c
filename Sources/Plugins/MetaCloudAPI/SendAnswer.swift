import Core
import HTTP
import PluginKit
import Domain
import Text

/// Reads the answer to a send (docs/decisions/0006-fenced-hand-over.md has the table).
enum SendAnswer {
    static func outcome(of response: OutboundResponse, now: Timestamp) -> SendOutcome {
        let status = response.status
        switch status {
        case 200...299: return acceptance(response)
        case 300...399:
            return .refused(
                Failure(.ourBug, code: "http_\(status)", detail: "Redirected: the address of the Graph API is wrong."),
                httpStatus: status, after: nil)
        case 400...:
            let asked = response.headers["Retry-After"].flatMap { RetryAfter.parse($0, now: now) }
            if let error = GraphError(body: response.body) {
                let least = ErrorTable.leastWait(after: error.code)
                return .refused(
                    error.failure(status: status), httpStatus: status,
                    after: [asked, least].compactMap { $0 }.max())
            }
            if status >= 500 {
                // Whoever answered, it was not the API: the message may have got through.
                return .unknown(
                    code: "http_\(status)", detail: "A failure without Meta's own error.", httpStatus: status)
            }
            return .refused(
                Failure(
                    status == 429 ? .tryLater : .ourBug, code: "http_\(status)", detail: "Without Meta's own error."),
                httpStatus: status, after: asked)
        default:
            return .unknown(code: "http_\(status)", detail: "Not an answer to a call.", httpStatus: status)
        }
    }

    private static func acceptance(_ response: OutboundResponse) -> SendOutcome {
        let message = (try? JSON(parsing: response.body))?["messages"][0]
        guard let message, let id = message["id"].string, !id.isEmpty else {
            return .unknown(
                code: "no_message_id", detail: "Accepted without a message id.", httpStatus: response.status)
        }
        // Held back until Meta has seen how people take to the template: released later, or dropped with 132015.
        let isHeld = message["message_status"].string == "held_for_quality_assessment"
        return .accepted(providerID: id, isHeld: isHeld)
    }
}
