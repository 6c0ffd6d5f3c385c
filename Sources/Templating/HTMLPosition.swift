/// Where in an HTML page the compiler stands: what the tokenizer of a browser would be doing there.
///
///     text ──<──▶ tagOpen ──letter──▶ tagName ──▶ tag ⇄ attributeName ──=──▶ beforeValue ──▶ quoted | unquoted
///      ▲ ▲           └─!──▶ bang ──▶ comment | declaration                        │
///      │ └──────────────────────────────┘                                         │
///      └───> of the tag ◀─────────────────────────────────────────────────────────┘
///            or, by the element, content: title, textarea, style, script … until its end tag
///
/// The tokenizer is `advance`; `URLPosition` and `ScriptPosition` follow the inside of URLs and JSON. Where browsers
/// read one text in two ways (in SVG and without, with scripts and without), the text is refused.
struct HTMLPosition: Hashable {
    enum State: Hashable {
        case text, tagOpen, endTagOpen, tagName
        /// Between attributes; a name that would touch what stands before must not follow.
        case tag(needsSpace: Bool)
        case attributeName, afterAttributeName, beforeValue
        case quoted(UInt8)
        case unquoted
        /// After `<!` and perhaps a dash.
        case bang(hasDash: Bool)
        case comment(CommentPosition)
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
    var meta = MetaTag()
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
            if byte != quote { return collect(byte) }
            endValue()
        case .unquoted:
            if byte == UInt8(ascii: ">") { return endTag() }
            if !Scanner.isSpace(byte) { return collect(byte) }
            endValue()
        case .bang(let hasDash): return stepAfterBang(byte, hasDash)
        case .comment(let place):
            if let next = place.after(byte) { state = .comment(next) } else { self = HTMLPosition() }
        case .declaration:
            if byte == UInt8(ascii: ">") { self = HTMLPosition() }
        case .content(let ended): return stepInContent(byte, ended)
        }
        return nil
    }

    private mutating func openTag(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "/"): state = .endTagOpen
        case UInt8(ascii: "!"): state = .bang(hasDash: false)
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

    // MARK: In a tag

    private mutating func stepInTag(_ byte: UInt8) -> String? {
        let isSlash = byte == UInt8(ascii: "/") && state != .beforeValue
        guard byte == UInt8(ascii: ">") || Scanner.isSpace(byte) || isSlash else { return stepInTagWord(byte) }
        if state == .attributeName, let why = endName() { return why }
        if byte == UInt8(ascii: ">") { return endTag() }
        switch state {
        case _ where isSlash: state = .tag(needsSpace: false)
        case .attributeName, .afterAttributeName: state = .afterAttributeName
        case .beforeValue: break
        default: state = .tag(needsSpace: false)
        }
        return nil
    }

    private mutating func stepInTagWord(_ byte: UInt8) -> String? {
        let isEqualSign = byte == UInt8(ascii: "=")
        switch state {
        case .tagName: append(byte, to: &element)
        case .tag(needsSpace: true): return "a name or value goes on here: put a space before it"
        case .attributeName where isEqualSign:
            state = .beforeValue
            return endName()
        case .afterAttributeName where isEqualSign: state = .beforeValue
        case .attributeName: append(byte, to: &attribute)
        case .beforeValue: return beginValue(byte)
        default:
            if isEqualSign { return "this `=` has no name before it" }
            attribute = ""
            append(byte, to: &attribute)
            state = .attributeName
        }
        return nil
    }

    /// Notes the attributes on which it depends what the tag does.
    mutating func endName() -> String? {
        switch (element, attribute) {
        case ("script", "type"):
            // Browsers take the first one.
            if script.hasType { return "this script has a type already" }
            script.hasType = true
        case ("meta", "http-equiv"):
            if meta.hasData { return "data may not stand in the `content` of a `<meta http-equiv>`" }
            meta.isPragma = true
        default: break
        }
        return nil
    }

    private mutating func beginValue(_ byte: UInt8) -> String? {
        url = URLPosition.isURL(attribute: attribute) ? URLPosition.start(read: "", hasData: false) : nil
        if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
            state = .quoted(byte)
            return nil
        }
        state = .unquoted
        return collect(byte)
    }

    private mutating func collect(_ byte: UInt8) -> String? {
        if element == "script", attribute == "type" { append(byte, to: &script.type) }
        return url?.advance(byte)
    }

    mutating func endValue() {
        state = .tag(needsSpace: false)
        attribute = ""
        url = nil
    }

    private mutating func endTag() -> String? {
        let ended = self
        self = HTMLPosition()
        guard !ended.isEndTag, Self.contentElements.contains(ended.element) else { return nil }
        if ended.element == "plaintext" { return "nothing ends a `<plaintext>`" }
        element = ended.element
        state = .content(ended: 0)
        if element == "script" { script.type = ended.script.type }
        return nil
    }

    // MARK: In comments and the text of elements

    private mutating func stepAfterBang(_ byte: UInt8, _ hasDash: Bool) -> String? {
        switch byte {
        case UInt8(ascii: "-"): state = hasDash ? .comment(.start) : .bang(hasDash: true)
        case UInt8(ascii: ">"): self = HTMLPosition()
        case UInt8(ascii: "[") where !hasDash: return "browsers do not agree on `<![`: write the text as it is"
        default: state = .declaration
        }
        return nil
    }

    /// - Parameter ended: how much of `</element` is read.
    private mutating func stepInContent(_ byte: UInt8, _ ended: Int) -> String? {
        let end = Array("</".utf8) + Array(element.utf8)
        if ended == end.count, Scanner.isSpace(byte) || byte == UInt8(ascii: "/") || byte == UInt8(ascii: ">") {
            let name = element
            self = HTMLPosition()
            if byte == UInt8(ascii: ">") { return nil }
            element = name
            isEndTag = true
            state = .tag(needsSpace: false)
            return nil
        }
        if ended < end.count, Self.lower(byte) == end[ended] {
            state = .content(ended: ended + 1)
        } else if ended > 0, let why = refusal(of: byte, ended) {
            return why
        } else {
            state = .content(ended: byte == UInt8(ascii: "<") ? 1 : 0)
        }
        script.advance(byte)
        return nil
    }

    /// In SVG, and in `<noscript>`, what would be a tag elsewhere is one here too; and `<!--` in a script may hide
    /// its end.
    private func refusal(of byte: UInt8, _ ended: Int) -> String? {
        if element == "script", !script.isJSON {
            return ended == 1 && byte == UInt8(ascii: "!") ? "`<!` may not stand in a script" : nil
        }
        let isMarkup = ended > 1 || Self.isLetter(byte) || byte == UInt8(ascii: "!") || byte == UInt8(ascii: "?")
        guard isMarkup else { return nil }
        return element == "script" ? "write this `<` as `\\u003c`" : "write this `<` as `&lt;`"
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

/// What of a comment's end is read (HTML 13.2.5.43 and following).
enum CommentPosition: Hashable {
    /// After `<!--`, where `>` and `->` end it too.
    case start, startDash
    case inside, dash, dashes
    /// After `--!`.
    case bang

    /// Nil when the comment has ended.
    func after(_ byte: UInt8) -> CommentPosition? {
        switch (self, byte) {
        case (.start, UInt8(ascii: ">")), (.startDash, UInt8(ascii: ">")), (.dashes, UInt8(ascii: ">")),
            (.bang, UInt8(ascii: ">")):
            nil
        case (.start, UInt8(ascii: "-")): .startDash
        case (.startDash, UInt8(ascii: "-")), (.dash, UInt8(ascii: "-")), (.dashes, UInt8(ascii: "-")): .dashes
        case (.inside, UInt8(ascii: "-")), (.bang, UInt8(ascii: "-")): .dash
        case (.dashes, UInt8(ascii: "!")): .bang
        default: .inside
        }
    }
}

/// What is known of a `<meta>`: one that gives orders to the browser takes no data.
struct MetaTag: Hashable {
    var isPragma = false
    /// Data stands in its `content`.
    var hasData = false

    func joined(_ other: MetaTag) -> MetaTag {
        MetaTag(isPragma: isPragma || other.isPragma, hasData: hasData || other.hasData)
    }
}
