import Core
import HTTP
import Synchronization
import Text

// Messages: checked, recorded, and answered as the test wants it.
extension MetaAPI {
    func message(_ request: Received, _ component: String) throws(Refusal) -> Behaviour {
        let arrivedAt = clock.sinceBoot()
        let json = try body(request, component)
        if json["status"].string == "read" { return .json(200, #"{"success":true}"#) }
        let to = json["to"].string ?? json["recipient"].string ?? ""
        if json["to"].exists, !to.hasPrefix("+") {
            throw Refusal(
                error: MetaError(131009),
                violation: "without + the sender's country code is put before \(to.count) digits")
        }
        if json["type"].string == "template" { try checkTemplate(json["template"]) }
        let (send, reply) = record(json, to: to, body: request.body, at: arrivedAt)
        beforeAnswer(send)
        return behaviour(reply, send, to: to)
    }

    /// Only a double that was given templates judges by them.
    private func checkTemplate(_ use: JSON) throws(Refusal) {
        let templates = state.withLock { $0.templates }
        guard !templates.isEmpty else { return }
        let found = templates.first {
            $0.name == use["name"].string && $0.language == use["language"]["code"].string
        }
        guard let found else { throw Refusal(error: MetaError(132001)) }
        if let error = found.error(sending: use["components"]) { throw Refusal(error: error) }
    }

    private func record(
        _ json: JSON, to: String, body: [UInt8], at arrivedAt: Timestamp.Span
    ) -> (MetaSend, MetaReply) {
        let bodyPart = json["template"]["components"].array?.first { $0["type"].string?.lowercased() == "body" }
        return state.withLock { state in
            let reply = state.replies.isEmpty ? habit() : state.replies.removeFirst()
            state.lastID += 1
            let send = MetaSend(
                id: reply.mayReachPerson ? "wamid.DOUBLE\(state.lastID)" : nil, to: to,
                type: json["type"].string ?? "", text: json["text"]["body"].string,
                template: json["template"]["name"].string, language: json["template"]["language"]["code"].string,
                parameters: bodyPart?["parameters"].array?.compactMap { $0["text"].string } ?? [],
                callbackData: json["biz_opaque_callback_data"].string, body: body, reply: reply,
                arrivedAt: arrivedAt)
            state.sends.append(send)
            return (send, reply)
        }
    }

    private func behaviour(_ reply: MetaReply, _ send: MetaSend, to: String) -> Behaviour {
        switch reply {
        case .ok: return .answer(200, headers: Self.json, body: accepted(send, status: nil))
        case .heldForQualityAssessment:
            return .answer(200, headers: Self.json, body: accepted(send, status: "held_for_quality_assessment"))
        case .error(let code, let status):
            let error = MetaError(code, status: status)
            return .answer(error.status, headers: Self.json, body: error.body)
        case .bare(let status):
            return .answer(
                status, headers: ["Content-Type": "text/html"], body: Array("<html><body>Error</body></html>".utf8))
        case .silence: return .silence
        case .reset: return .reset
        case .close: return .close
        case .withoutID: return .json(200, #"{"messaging_product":"whatsapp","contacts":[],"messages":[]}"#)
        case .truncated:
            return .rawThenClose("HTTP/1.1 200 OK\r\nContent-Length: 200\r\n\r\n{\"messaging_product\":\"wha")
        case .redirect: return .answer(302, headers: ["Location": "https://elsewhere.example/"])
        }
    }

    private func accepted(_ send: MetaSend, status: String?) -> [UInt8] {
        JSONWriter.object {
            $0.field("messaging_product", "whatsapp")
            $0.array("contacts") {
                $0.object {
                    $0.field("input", send.to)
                    if send.to.hasPrefix("+") {
                        $0.field("wa_id", String(send.to.dropFirst()))
                    } else {
                        $0.field("user_id", send.to)
                    }
                }
            }
            $0.array("messages") {
                $0.object {
                    $0.field("id", send.id)
                    if let status { $0.field("message_status", status) }
                }
            }
        }
    }
}
