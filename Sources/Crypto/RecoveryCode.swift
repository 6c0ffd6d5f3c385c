import Core

/// One of the codes that let somebody in whose authenticator app is gone: sixteen letters and digits, 80 random bits.
package struct RecoveryCode: Sendable, CustomStringConvertible, CustomReflectable {
    private let letters: String

    package static func make() -> RecoveryCode {
        RecoveryCode(letters: Base32.encode(RandomBytes.make(10)).lowercased())
    }

    /// As somebody typed it: case, spaces and dashes do not matter. Nil for what cannot be one.
    package init?(typed: String) {
        let letters = typed.lowercased().filter { $0 != " " && $0 != "-" }
        guard letters.utf8.count == 16, letters.utf8.allSatisfy({ (97...122).contains($0) || (50...55).contains($0) })
        else { return nil }
        self.init(letters: letters)
    }

    private init(letters: String) { self.letters = letters }

    /// `abcd-efgh-ijkl-mnop`, for the one page that shows it.
    package func reveal() -> String {
        let letters = Array(letters)
        return stride(from: 0, to: letters.count, by: 4).map { String(letters[$0..<$0 + 4]) }.joined(separator: "-")
    }

    /// What is stored and looked up. 80 random bits need neither salt nor slowness.
    package var hash: String { SHA256.hash("recovery " + letters).hex }

    package var description: String { "(recovery code)" }
    package var customMirror: Mirror { Mirror(self, children: [:]) }
}
