package import Core
import Crypto
package import HTTP
import Text

/// A webhook as Meta delivers it: bytes and the signature over exactly these bytes.
package struct MetaWebhook: Sendable {
    package let body: [UInt8]
    /// The value of `X-Hub-Signature-256`.
    package let signature: String

    package var headers: Headers {
        ["Content-Type": "application/json", "X-Hub-Signature-256": signature]
    }

    /// - Parameter json: written with plain characters; Meta escapes all but ASCII, and every `/`.
    init(_ json: [UInt8], secret: Secret) {
        body = Self.escaped(json)
        signature = "sha256=\(Signature(key: secret).code(for: body).hex)"
    }

    private static func escaped(_ json: [UInt8]) -> [UInt8] {
        var out: [UInt8] = []
        for unit in String(decoding: json, as: UTF8.self).utf16 {
            switch unit {
            case 0x2F: out += Array("\\/".utf8)
            case 0x80...: out += Array("\\u".utf8) + Array([UInt8(unit >> 8), UInt8(unit & 255)].hex.utf8)
            default: out.append(UInt8(unit))
            }
        }
        return out
    }
}

/// One line of a status webhook.
package struct MetaStatus: Sendable {
    package var id: String
    /// `sent`, `delivered`, `read`, `failed` or another.
    package var status: String
    /// The phone's digits; nil when only the business-scoped user id is known.
    package var recipient: String?
    package var at: Timestamp
    package var callbackData: String?
    /// For `failed`.
    package var code: Int?

    package init(
        id: String, _ status: String, recipient: String?, at: Timestamp, callbackData: String? = nil, code: Int? = nil
    ) {
        self.id = id
        self.status = status
        self.recipient = recipient
        self.at = at
        self.callbackData = callbackData
        self.code = code
    }

    func write(to json: inout JSONWriter) {
        json.object {
            $0.field("id", id)
            $0.field("status", status)
            $0.field("timestamp", String(at.milliseconds / 1000))
            if let recipient { $0.field("recipient_id", recipient) }
            if let callbackData { $0.field("biz_opaque_callback_data", callbackData) }
            if let code { errors(code, to: &$0) }
        }
    }

    private func errors(_ code: Int, to json: inout JSONWriter) {
        json.array("errors") {
            $0.object {
                $0.field("code", code)
                $0.field("title", MetaError.message(code))
                $0.field("message", MetaError.message(code))
                $0.object("error_data") { $0.field("details", MetaError.message(code)) }
            }
        }
    }
}
