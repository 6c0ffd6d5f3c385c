import Domain
import PluginKit
import Text

/// The body of `POST /{phone-number-id}/messages`, to the documented shape.
enum SendRequest {
    /// In Unicode scalars, as Meta counts.
    static let longestText = 4096

    static func json(_ message: OutgoingMessage) throws(MetaError) -> [UInt8] {
        try JSONWriter.object { (json) throws(MetaError) in
            json.field("messaging_product", "whatsapp")
            json.field("recipient_type", "individual")
            if let phone = message.phone {
                // Without the plus Meta would put the sender's own country code before it.
                guard phone.hasPrefix("+") else { throw MetaError(.unfit, "the phone is not E.164") }
                json.field("to", phone)
            } else if let bsuid = message.bsuid {
                json.field("recipient", bsuid)
            } else {
                throw MetaError(.unfit, "neither a phone nor a user id")
            }
            // Comes back in every status, so that a status tells of an attempt whose answer was lost.
            json.field("biz_opaque_callback_data", message.attempt.description)
            switch message.body {
            case .text(let text): try write(text, to: &json)
            case .template(let call): try write(call, to: &json)
            }
        }
    }

    private static func write(_ text: String, to json: inout JSONWriter) throws(MetaError) {
        guard text.contains(where: { !$0.isWhitespace }) else { throw MetaError(.unfit, "the text is empty") }
        guard text.unicodeScalars.count <= longestText else {
            throw MetaError(.unfit, "the text is longer than \(longestText) characters")
        }
        json.field("type", "text")
        json.object("text") {
            $0.field("body", text)
            $0.field("preview_url", text.contains("https://") || text.contains("http://"))
        }
    }

    /// Only parts with variables are named; those of the body are the only ones we fill.
    private static func write(_ call: TemplateCall, to json: inout JSONWriter) throws(MetaError) {
        guard !call.name.isEmpty, !call.language.isEmpty else {
            throw MetaError(.unfit, "the template has no name or no language")
        }
        let parameters = try TemplateParameters(call.parameters)
        json.field("type", "template")
        json.object("template") { template in
            template.field("name", call.name)
            template.object("language") { $0.field("code", call.language) }
            guard !parameters.all.isEmpty else { return }
            template.array("components") { components in
                components.object { body in
                    body.field("type", "body")
                    body.array("parameters") { list in
                        for parameter in parameters.all {
                            list.object {
                                $0.field("type", "text")
                                if parameters.areNamed { $0.field("parameter_name", parameter.name) }
                                $0.field("text", parameter.value)
                            }
                        }
                    }
                }
            }
        }
    }
}
