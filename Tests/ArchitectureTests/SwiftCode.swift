/// The code of a Swift file without its comments and the text of its literals, so that a rule about words does not
/// trip over prose. Line breaks stay, so line numbers hold.
struct SwiftCode {
    private let source: [UInt8]
    private var position = 0
    private var output: [UInt8] = []

    private init(_ text: String) {
        source = Array(text.utf8)
        output.reserveCapacity(source.count)
    }

    /// The lines of `text` with comments and literals blanked.
    static func lines(of text: String) -> [String] {
        var code = SwiftCode(text)
        code.copyCode(untilParenthesis: false)
        return String(decoding: code.output, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
            .map(String.init)
    }

    private func starts(with text: StaticString) -> Bool {
        let count = text.utf8CodeUnitCount
        guard position + count <= source.count else { return false }
        return (0..<count).allSatisfy { source[position + $0] == text.utf8Start[$0] }
    }

    private mutating func skip(_ count: Int) {
        for byte in source[position..<min(position + count, source.count)] where byte == UInt8(ascii: "\n") {
            output.append(byte)
        }
        position = min(position + count, source.count)
    }

    private mutating func copyCode(untilParenthesis: Bool) {
        var depth = 0
        while position < source.count {
            if starts(with: "//") {
                while position < source.count, source[position] != UInt8(ascii: "\n") { position += 1 }
            } else if starts(with: "/*") {
                skipBlockComment()
            } else if let hashes = literalStart() {
                skipLiteral(hashes: hashes)
            } else {
                if untilParenthesis, source[position] == UInt8(ascii: "(") { depth += 1 }
                if untilParenthesis, source[position] == UInt8(ascii: ")") { depth -= 1 }
                output.append(source[position])
                position += 1
                if untilParenthesis, depth == 0 { return }
            }
        }
    }

    private mutating func skipBlockComment() {
        var depth = 0
        repeat {
            if starts(with: "/*") {
                depth += 1
                skip(2)
            } else if starts(with: "*/") {
                depth -= 1
                skip(2)
            } else {
                skip(1)
            }
        } while depth > 0 && position < source.count
    }

    /// The number of `#` before the quote that begins here, or nil when no literal begins here.
    private func literalStart() -> Int? {
        var ahead = position
        while ahead < source.count, source[ahead] == UInt8(ascii: "#") { ahead += 1 }
        guard ahead < source.count, source[ahead] == UInt8(ascii: "\"") else { return nil }
        return ahead - position
    }

    private mutating func skipLiteral(hashes: Int) {
        skip(hashes)
        let quotes = starts(with: "\"\"\"") ? 3 : 1
        skip(quotes)
        output.append(UInt8(ascii: "\""))
        while position < source.count {
            if isRun(of: UInt8(ascii: "\""), count: quotes, at: position),
                isRun(of: UInt8(ascii: "#"), count: hashes, at: position + quotes)
            {
                skip(quotes + hashes)
                break
            }
            if source[position] == UInt8(ascii: "\\"), isRun(of: UInt8(ascii: "#"), count: hashes, at: position + 1) {
                skip(1 + hashes)
                if position < source.count, source[position] == UInt8(ascii: "(") {
                    copyCode(untilParenthesis: true)
                } else {
                    skip(1)
                }
            } else {
                skip(1)
            }
        }
        output.append(UInt8(ascii: "\""))
    }

    private func isRun(of byte: UInt8, count: Int, at start: Int) -> Bool {
        start + count <= source.count && (start..<start + count).allSatisfy { source[$0] == byte }
    }
}
