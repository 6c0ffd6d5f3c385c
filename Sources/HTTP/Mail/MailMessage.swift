package import Core
import Crypto

/// A mail in plain text, and its form on the wire (RFC 5322, RFC 2045, RFC 2047).
package struct MailMessage: Sendable, Equatable {
    package var from: MailAddress
    /// What mail programs show beside the address; may be empty.
    package var sender: String
    package var to: [MailAddress]
    package var subject: String
    package var text: String
    package var at: Timestamp
    /// The part before the `@` of its `Message-ID`: letters, digits, dots and hyphens; others are left out.
    package var id: String

    package init(
        from: MailAddress, sender: String, to: [MailAddress], subject: String, text: String, at: Timestamp, id: String
    ) {
        self.from = from
        self.sender = sender
        self.to = to
        self.subject = subject
        self.text = text
        self.at = at
        self.id = id
    }

    /// With CRLF line ends, lines of at most 76 characters but for addresses, and nothing but ASCII.
    package var bytes: [UInt8] {
        let author = sender.isEmpty ? from.description : "\(Self.phrase(sender)) <\(from)>"
        let fields = [
            ("Date", at.mailDate), ("From", author), ("To", to.map(\.description).joined(separator: ",\r\n ")),
            (
                "Message-ID",
                "<\(id.filter { $0.isASCII && ($0.isLetter || $0.isNumber || ".-".contains($0)) })@\(from.domain)>"
            ),
            ("Subject", Self.unstructured(subject)), ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"), ("Content-Transfer-Encoding", "quoted-printable"),
            // No holiday notice comes back (RFC 3834).
            ("Auto-Submitted", "auto-generated"),
        ]
        let head = fields.map { "\($0.0): \($0.1)\r\n" }.joined()
        return Array((head + "\r\n" + Self.quotedPrintable(text)).utf8)
    }

    /// A display name: always encoded unless it is nothing but letters, digits and spaces.
    private static func phrase(_ text: String) -> String {
        let isPlain = text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == " ") }
        return isPlain && text.utf8.count <= 60 && text.first != " " && text.last != " " ? text : encodedWords(text)
    }

    private static func unstructured(_ text: String) -> String {
        let isPlain = text.utf8.allSatisfy { (0x20...0x7E).contains($0) } && !text.contains("=?")
        return isPlain && text.utf8.count <= 66 ? text : encodedWords(text)
    }

    /// Encoded words of at most 75 characters, each holding whole characters, folded one a line.
    private static func encodedWords(_ text: String) -> String {
        var words: [[UInt8]] = [[]]
        for scalar in text.unicodeScalars {
            // A line break has no place in a header, even encoded.
            let bytes = scalar.value < 0x20 || scalar.value == 0x7F ? [0x20] : Array(String(scalar).utf8)
            // 45 bytes are 60 characters of base64, beside the 12 of `=?utf-8?B?…?=`.
            if words[words.count - 1].count + bytes.count > 45 { words.append([]) }
            words[words.count - 1] += bytes
        }
        return words.map { "=?utf-8?B?\($0.base64)?=" }.joined(separator: "\r\n ")
    }

    private static func quotedPrintable(_ text: String) -> String {
        var result = ""
        // CRLF is one character of a string, and a line end like the others.
        for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
            result += encoded(line) + "\r\n"
        }
        return result
    }

    private static func encoded(_ line: Substring) -> String {
        var result = ""
        var length = 0
        let bytes = Array(line.utf8)
        for (index, byte) in bytes.enumerated() {
            let isLast = index == bytes.count - 1
            let isPlain = byte != UInt8(ascii: "=") && (0x21...0x7E).contains(byte) || byte == 0x20 && !isLast
            let piece = isPlain ? String(UnicodeScalar(byte)) : "=" + [byte].hex.uppercased()
            if length + piece.utf8.count > 75 {
                result += "=\r\n"
                length = 0
            }
            result += piece
            length += piece.utf8.count
        }
        return result
    }
}

extension Timestamp {
    /// `Sun, 06 Nov 1994 08:49:37 +0000`.
    var mailDate: String { httpDate.dropLast(3) + "+0000" }
}
