/// Where in an HTML page the compiler stands: what the tokenizer of a browser would be doing there.
///
///     text ──<──▶ tagOpen ──letter──▶ tagName ──▶ tag ⇄ attributeName ──=──▶ beforeValue ──▶ quoted | unquoted
///      ▲ ▲           └─!──▶ bang ──▶ comment | declaration                        │
///      │ └──────────────────────────────┘                                         │
///      └───> of the tag ◀─────────────────────────────────────────────────────────┘
///            or, by the element, content: title, textarea, style, script … until its end tag
///
/// The tokenizer is `advance`; `URLPosition` and `ScriptPosition` follow the inside of URLs and JSON.
struct HTMLPosition: Hashable {
    enum State: Hashable {
        case text, tagOpen, endTagOpen, tagName
        /// Between attributes; a name that would touch what stands before must not follow.
        case tag(needsSpace: Bool)
        case attributeName, afterAttributeName, beforeValue
        case quoted(UInt8)
        case unquoted
        /// After `<!` and so many dashes.
        case bang(dashes: Int)
        /// After so many dashes (two after `<!--`), or after `--!`.
        case comment(dashes: Int, bang: Bool)
        case declaration
        /// The text of an element that ends only with its end tag, of which so many bytes are read.
        case content(ended: Int)
    }

    var state = State.text
    /// The open tag, or the element whose content this is; lower case.
    private(set) var element = ""
    private(set) var attribute = ""
    var url: URLPosition?
    private(set) var script = ScriptPosition()
    private var isEndTag = false

    /// Reads constant text.
    /// - Returns: the byte that may not stand there, and why.
    mutating func advance(_ bytes: ArraySlice<UInt8>) -> (offset: Int, why: String)? {
        for i in bytes.indices {
            if let why = step(bytes[i]) { return (i, why) }
        }
        return nil
    }

    private mutating func step(_ byte: UInt8) -> String? {
        switch state {
        case .text:
            if byte == UInt8(ascii: "<") { state = .tagOpen }
        case .tagOpen: openTag(byte)
        case .endTagOpen:
            if Self.isLetter(byte) {
                begin(byte, isEndTag: true)
            } else if byte == UInt8(ascii: ">") {
                self = HTMLPosition()
            } else {
                state = .declaration
            }
        case .tagName, .tag, .attributeName, .afterAttributeName, .beforeValue: return stepInTag(byte)
        case .quoted(let quote):
            if byte == quote {
                endValue()
            } else {
                collect(byte)
            }
        case .unquoted:
            if Scanner.isSpace(byte) {
                endValue()
            } else if byte == UInt8(ascii: ">") {
                endTag()
            } else {
                collect(byte)
            }
        case .bang, .comment, .declaration: stepInComment(byte)
        case .content(let ended): stepInContent(byte, ended)
        }
        return nil
    }

    private mutating func openTag(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "/"): state = .endTagOpen
        case UInt8(ascii: "!"): state = .bang(dashes: 0)
        case UInt8(ascii: "?"): state = .declaration
        case UInt8(ascii: "<"): break
        default:
            if Self.isLetter(byte) { begin(byte, isEndTag: false) } else { state = .text }
        }
    }

    private mutating func begin(_ byte: UInt8, isEndTag: Bool) {
        self = HTMLPosition()
        self.isEndTag = isEndTag
        state = .tagName
        append(byte, to: &element)
    }

    private mutating func stepInTag(_ byte: UInt8) -> String? {
        if byte == UInt8(ascii: ">") {
            endTag()
        } else if Scanner.isSpace(byte) {
            switch state {
            case .attributeName, .afterAttributeName: state = .afterAttributeName
            case .beforeValue: break
            default: state = .tag(needsSpace: false)
            }
        } else if byte == UInt8(ascii: "/"), state != .beforeValue {
            state = .tag(needsSpace: false)
        } else {
            return stepInTagWord(byte)
        }
        return nil
    }

    private mutating func stepInTagWord(_ byte: UInt8) -> String? {
        switch state {
        case .tagName: append(byte, to: &element)
        case .tag(needsSpace: true): return "a name or value goes on here: put a space before it"
        case .attributeName where byte == UInt8(ascii: "="), .afterAttributeName where byte == UInt8(ascii: "="):
            state = .beforeValue
        case .attributeName: append(byte, to: &attribute)
        case .beforeValue: beginValue(byte)
        default:
            if byte == UInt8(ascii: "=") { return "this `=` has no name before it" }
            attribute = ""
            append(byte, to: &attribute)
            state = .attributeName
        }
        return nil
    }

    private mutating func beginValue(_ byte: UInt8) {
        url = URLPosition.isURL(attribute: attribute) ? URLPosition.start(read: "", hasData: false) : nil
        if element == "script", attribute == "type" { script.type = "" }
        if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
            state = .quoted(byte)
        } else {
            state = .unquoted
            collect(byte)
        }
    }

    private mutating func collect(_ byte: UInt8) {
        url?.advance(byte)
        if element == "script", attribute == "type" { append(byte, to: &script.type) }
    }

    mutating func endValue() {
        state = .tag(needsSpace: false)
        attribute = ""
        url = nil
    }

    private mutating func endTag() {
        let ended = self
        self = HTMLPosition()
        guard !ended.isEndTag, Self.contentElements.contains(ended.element) else { return }
        element = ended.element
        state = .content(ended: 0)
        if element == "script" { script.type = ended.script.type }
    }

    private mutating func stepInComment(_ byte: UInt8) {
        let isDash = byte == UInt8(ascii: "-")
        let isEnd = byte == UInt8(ascii: ">")
        switch state {
        case .bang(dashes: 1) where isDash: state = .comment(dashes: 2, bang: false)
        case .bang(dashes: 0) where isDash: state = .bang(dashes: 1)
        case .comment(let dashes, let bang):
            if isEnd, dashes >= 2 {
                self = HTMLPosition()
            } else if isDash {
                state = .comment(dashes: bang ? 1 : dashes + 1, bang: false)
            } else {
                let isBang = byte == UInt8(ascii: "!") && dashes >= 2 && !bang
                state = .comment(dashes: isBang ? dashes : 0, bang: isBang)
            }
        default:
            if isEnd { self = HTMLPosition() } else { state = .declaration }
        }
    }

    private mutating func stepInContent(_ byte: UInt8, _ ended: Int) {
        let end = Array("</".utf8) + Array(element.utf8)
        if ended == end.count, Scanner.isSpace(byte) || byte == UInt8(ascii: "/") || byte == UInt8(ascii: ">") {
            let name = element
            self = HTMLPosition()
            if byte == UInt8(ascii: ">") { return }
            element = name
            isEndTag = true
            state = .tag(needsSpace: false)
            return
        }
        if ended < end.count, Self.lower(byte) == end[ended] {
            state = .content(ended: ended + 1)
        } else {
            state = .content(ended: byte == UInt8(ascii: "<") ? 1 : 0)
        }
        script.advance(byte)
    }

    private func append(_ byte: UInt8, to name: inout String) {
        name.unicodeScalars.append(Unicode.Scalar(Self.lower(byte)))
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (97...122).contains(lower(byte)) }
    static func lower(_ byte: UInt8) -> UInt8 { (65...90).contains(byte) ? byte + 32 : byte }

    /// Elements whose content is not markup (HTML 13.2.5: RCDATA, RAWTEXT, script data).
    private static let contentElements: Set<String> = [
        "title", "textarea", "style", "script", "xmp", "iframe", "noembed", "noframes", "plaintext",
    ]
}
