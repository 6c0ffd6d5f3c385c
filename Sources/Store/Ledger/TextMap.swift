import Domain
import Text

/// Small maps of texts as a JSON column.
enum TextMap {
    /// Keys sorted, so that equal maps are equal texts.
    static func write(_ map: [String: String]) -> String {
        let bytes = JSONWriter.object { json in
            for (key, value) in map.sorted(by: { $0.key < $1.key }) { json.field(key, value) }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// What cannot be read is left out: a trail must not hide its message.
    static func read(_ text: String) -> [String: String] {
        guard let json = try? JSON(parsing: text) else { return [:] }
        return Dictionary(
            (json.object ?? []).compactMap { entry in entry.value.string.map { (entry.key, $0) } },
            uniquingKeysWith: { $1 })
    }
}

/// A template's parameters, in their order, as a JSON column.
enum TemplateParametersText {
    static func write(_ parameters: [TemplateCall.Parameter]) -> String {
        let bytes = JSONWriter.array { json in
            for parameter in parameters {
                json.object { json in
                    json.field("name", parameter.name)
                    json.field("value", parameter.value)
                }
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    static func read(_ text: String) -> [TemplateCall.Parameter] {
        guard let list = (try? JSON(parsing: text))?.array else { return [] }
        return list.compactMap { item in
            guard let name = item["name"].string, let value = item["value"].string else { return nil }
            return TemplateCall.Parameter(name: name, value: value)
        }
    }
}
