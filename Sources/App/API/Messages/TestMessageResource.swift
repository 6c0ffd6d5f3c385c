import Core
import Database
import Domain
import HTTP
import Messaging
import SQL
import Store
import Text

/// `test-message`: one message to any number, past the question of consent.
struct TestMessageResource: APIResource {
    let host: Host

    var endpoints: [Endpoint] {
        [
            Endpoint(
                .post, "/test-message", .scope(.write), "sendTestMessage", "Sends a test message to any number.",
                takes: .init("NewTestMessage", example: MessageForm.testExample),
                gives: [.accepted(.reference("Message"))], handler: send)
        ]
    }

    private func send(_ request: Request, _ context: Context) throws -> Response {
        guard host.messaging.maySend(by: host.messaging.activeChannel) else {
            throw Refusal(409, "Nothing is sent until an owner says at /admin/instance that this is no copy.")
        }
        return try Posting(host: host).respond(request, context) {
            let form = try MessageForm(try request.jsonObject(), purpose: .test, country: host.site.country)
            let intent = APIIntent(testBy: context, at: host.clock.now())
            let planning = try MessagePlanning(host, form, under: intent)
            return { tx in
                guard let message = try planning.plan(in: tx) else { return .failure(Refusal(409, "Try again.")) }
                return .success(APIAnswer(202, body: MessageJSON.bytes(message)))
            }
        }
    }
}
