import Core

/// A random text that opens a door: an API key, a session, a link. Its owner sees the text once; we keep its hash.
package struct Token: Sendable, CustomStringConvertible, CustomReflectable {
    private let text: String

    /// 256 random bits, 43 URL-safe characters after the prefix.
    ///
    /// - Parameter prefix: says what the token is for (`cw_`), to people and to scanners for leaked secrets.
    package static func make(prefix: String = "") -> Token {
        Token(text: prefix + RandomBytes.make(32).base64URL)
    }

    /// The clear text, for the one answer, cookie or link that carries it.
    package func reveal() -> String { text }

    /// What is stored and looked up.
    package var hash: String { Self.hash(of: text) }

    /// SHA-256, hexadecimal. 256 random bits need neither salt nor slowness.
    package static func hash(of text: String) -> String { SHA256.hash(text).hex }

    /// Whether `text` can be a token of this prefix at all: a look before asking the database.
    package static func isWellFormed(_ text: String, prefix: String = "") -> Bool {
        text.hasPrefix(prefix) && [UInt8](base64URL: String(text.dropFirst(prefix.count)))?.count == 32
    }

    package var description: String { "(token)" }
    package var customMirror: Mirror { Mirror(self, children: [:]) }
}
