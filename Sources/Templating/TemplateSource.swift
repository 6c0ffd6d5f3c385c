/// The text of one template and where it came from.
package struct TemplateSource: Sendable {
    /// `admin/orders`: how other templates and the program call it.
    package let name: String
    /// What messages call it: the path of its file.
    package let file: String
    let bytes: [UInt8]

    package init(name: String, file: String, text: String) {
        self.init(name: name, file: file, bytes: Array(text.utf8))
    }

    package init(name: String, file: String, bytes: [UInt8]) {
        self.name = name
        self.file = file
        self.bytes = bytes
    }

    package var text: String { String(decoding: bytes, as: UTF8.self) }

    func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

    /// The mistake at a byte of the text, with its line.
    func error(_ kind: TemplateError.Kind, _ message: String, at offset: Int) -> TemplateError {
        let newline = UInt8(ascii: "\n")
        let before = bytes.prefix(offset)
        let start = before.lastIndex(of: newline).map { $0 + 1 } ?? 0
        var end = bytes[start...].firstIndex(of: newline) ?? bytes.count
        if end > start, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
        return TemplateError(
            kind: kind, message: message, file: file, line: before.count { $0 == newline } + 1,
            column: text(start..<min(max(offset, start), bytes.count)).count + 1, excerpt: text(start..<end))
    }
}
