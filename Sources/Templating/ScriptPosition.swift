/// Where in a script the compiler stands. Only JSON takes data; there it matters whether a string is open.
struct ScriptPosition: Hashable {
    /// The type attribute, lower case; empty when there is none.
    var type = ""
    var hasType = false
    private var isInString = false
    /// After a backslash in a string.
    private(set) var isEscaping = false

    mutating func advance(_ byte: UInt8) {
        guard isJSON else { return }
        if isEscaping {
            isEscaping = false
        } else if byte == UInt8(ascii: "\"") {
            isInString.toggle()
        } else if byte == UInt8(ascii: "\\"), isInString {
            isEscaping = true
        }
    }

    var isJSON: Bool { type == "application/json" || type == "application/ld+json" }

    var verdict: HTMLPosition.Verdict {
        if !isJSON { return .refused("a tag in a script that is not JSON") }
        if isEscaping { return .refused("a tag after a backslash") }
        return .escape(isInString ? .jsonString : .json)
    }
}
