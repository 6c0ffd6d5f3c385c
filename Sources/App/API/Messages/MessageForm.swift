import Core
import Domain
import Text

/// One message as an API client asks for it.
struct MessageForm: Sendable {
    /// E.164 with `+`.
    let to: String
    let toRaw: String
    let purpose: Purpose
    let content: MessageContent

    private static let content: [Schema.Property] = [
        .optional("text", .optional(longestText)), .optional("template", .nullable(.reference("NewTemplate"))),
    ]
    static let schema = Schema.object([.required("to", .sent(1...100)), .required("purpose", .purpose)] + content)
    static let testSchema = Schema.object([.required("to", .sent(1...100))] + content)
    static let templateSchema = Schema.object([
        .required("name", .sent(1...longestName)), .required("language", .sent(1...35)),
        .optional("parameters", .nullable(.map(.optional(longestText)))),
    ])
    static let example = #"{"to":"+1 202 555 0142","purpose":"orders","text":"Your parcel is on its way."}"#
    static let testExample = #"{"to":"+1 202 555 0142","text":"This is a test."}"#

    /// WhatsApp's own bound of a text.
    private static let longestText = 4096
    private static let longestName = 512

    /// - Parameters:
    ///   - fixed: the purpose, where the call has no say in it.
    ///   - country: reads numbers without `+`.
    /// - Throws: `Refusal` 422 that names every wrong field.
    init(_ json: JSON, purpose fixed: Purpose? = nil, country: String) throws {
        var fields = Fields()
        toRaw = fields.text(json["to"], most: 100)
        to = fields.phone(json["to"], countries: [country]) ?? ""
        purpose = fixed ?? fields.purpose(json["purpose"], among: Purpose.all)
        let text = fields.textOrNil(json["text"], most: Self.longestText)
        let template = Self.template(json["template"], &fields)
        if text == nil, template == nil, fields.errors.isEmpty {
            fields.reject("text", "required", "Send a text, a template, or both.")
        }
        content = MessageContent(text: text, template: template)
        try fields.finish()
    }

    private static func template(_ json: JSON, _ fields: inout Fields) -> TemplateCall? {
        guard json.exists, !json.isNull else { return nil }
        guard json.object != nil else {
            fields.reject(json, "invalid", "Send the template as an object.")
            return nil
        }
        let parameters = json["parameters"]
        if parameters.exists, !parameters.isNull, parameters.object == nil {
            fields.reject(parameters, "invalid", "Send the parameters as an object of texts by name.")
        }
        return TemplateCall(
            name: fields.text(json["name"], most: longestName), language: fields.text(json["language"], most: 35),
            parameters: (parameters.object ?? []).map { name, value in
                TemplateCall.Parameter(name: name, value: fields.textOrNil(value, most: longestText) ?? "")
            })
    }
}

/// A template with its parameters as the API writes it; `MessageForm` reads much the same shape.
enum TemplateCallJSON {
    static let schema = Schema.object([
        .required("name", .text), .required("language", .text), .required("parameters", .map(.text)),
    ])

    static func write(_ call: TemplateCall, _ json: inout JSONWriter) {
        json.field("name", call.name)
        json.field("language", call.language)
        json.object("parameters") { json in
            for parameter in call.parameters { json.field(parameter.name, parameter.value) }
        }
    }
}
