import Templating
import Text

/// A webhook's body for people to read.
enum DeliveryBody {
    /// Indented where it is JSON, else as it came; bytes that are no text are shown as such.
    static func text(_ bytes: [UInt8]) -> String {
        guard let json = try? JSON(parsing: bytes), json.object != nil || json.array != nil else {
            return String(decoding: bytes, as: UTF8.self)
        }
        var text = ""
        write(json, indent: "", to: &text)
        return text
    }

    static func size(_ bytes: Int) -> Word {
        bytes < 1024
            ? Word("size.bytes", ["count": .number(Int64(bytes))])
            : Word("size.kilobytes", ["count": .number(Int64((bytes + 1023) / 1024))])
    }

    /// What lets somebody in, or proves who sent it, is not shown.
    static func isSecret(_ header: String) -> Bool {
        let name = header.lowercased()
        return ["authorization", "cookie", "signature", "secret", "token"].contains { name.contains($0) }
    }

    private static func write(_ json: JSON, indent: String, to text: inout String) {
        let inner = indent + "  "
        if let pairs = json.object {
            guard !pairs.isEmpty else { return text += "{}" }
            text += "{\n"
            for (index, pair) in pairs.enumerated() {
                text += inner + scalar { $0.value(pair.key) } + ": "
                write(pair.value, indent: inner, to: &text)
                text += index + 1 < pairs.count ? ",\n" : "\n"
            }
            text += indent + "}"
        } else if let elements = json.array {
            guard !elements.isEmpty else { return text += "[]" }
            text += "[\n"
            for (index, element) in elements.enumerated() {
                text += inner
                write(element, indent: inner, to: &text)
                text += index + 1 < elements.count ? ",\n" : "\n"
            }
            text += indent + "]"
        } else {
            text += scalar { $0.value(json) }
        }
    }

    private static func scalar(_ write: (inout JSONWriter) -> Void) -> String {
        var json = JSONWriter()
        write(&json)
        return String(decoding: json.bytes, as: UTF8.self)
    }
}
