import Text

/// Small values in JSON columns: lists of words and words by name. Keys are written sorted, so that equal values
/// are equal texts.
enum JSONColumn {
    static func text(_ list: [String]) -> String {
        string(JSONWriter.array { json in for item in list { json.value(item) } })
    }

    static func text(_ words: [String: String]) -> String {
        string(
            JSONWriter.object { json in
                for (key, value) in words.sorted(by: { $0.key < $1.key }) { json.field(key, value) }
            })
    }

    static func list(_ text: String) throws -> [String] {
        try JSON(parsing: text).expectArray().map { try $0.expectString() }
    }

    static func words(_ text: String) throws -> [String: String] {
        try Dictionary(
            JSON(parsing: text).expectObject().map { ($0.key, try $0.value.expectString()) },
            uniquingKeysWith: { $1 })
    }

    static func string(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
