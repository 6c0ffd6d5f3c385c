/// What the place means for the tags that stand there.
extension HTMLPosition {
    /// How data must be escaped here; a text instead says why it may not stand here.
    enum Verdict {
        case escape(Escape)
        case refused(String)
    }

    var verdict: Verdict {
        switch state {
        case .text: return .escape(.html)
        case .quoted: return attributeVerdict
        case .comment(.inside): return .escape(.comment)
        case .comment: return .refused("a tag next to a dash of a comment; put a space between")
        case .content(let ended): return ended == 0 ? contentVerdict : .refused("a tag inside of an end tag")
        case .tagOpen, .endTagOpen, .tagName: return .refused("a tag in the name of an element")
        case .tag, .attributeName, .afterAttributeName: return .refused("a tag in the name of an attribute")
        case .beforeValue, .unquoted: return .refused("a tag in a value without quotes; put it in quotes")
        case .bang, .declaration: return .refused("a tag in a declaration")
        }
    }

    private var attributeVerdict: Verdict {
        if Self.refusedAttributes.contains(attribute) || attribute.hasPrefix("on") {
            return .refused("a tag in the attribute `\(attribute)`, where no escaping makes it safe")
        }
        if element == "meta", attribute == "content", meta.isPragma {
            return .refused("a tag in the `content` of a `<meta http-equiv>`, which gives orders to the browser")
        }
        if element == "script", attribute == "type" { return .refused("a tag in the type of a script") }
        if Self.animations.contains(element) {
            return .refused("a tag in `<\(element)>`, which can change any attribute")
        }
        return url.map(\.verdict) ?? .escape(.html)
    }

    private static let refusedAttributes: Set<String> = [
        "style", "srcdoc", "srcset", "imagesrcset", "http-equiv", "charset",
    ]
    private static let animations: Set<String> = [
        "animate", "animatecolor", "animatemotion", "animatetransform", "set",
    ]

    /// Whether a URL here is loaded with the page's own rights, so that only the template may choose more than its
    /// query.
    var loadsCode: Bool {
        guard let url, url != .query else { return false }
        return ["script", "base", "object", "embed", "link", "applet"].contains(element)
    }

    private var contentVerdict: Verdict {
        switch element {
        case "title", "textarea": .escape(.html)
        case "script": script.verdict
        default: .refused("a tag in the text of `<\(element)>`")
        }
    }

    /// The place as sections, blocks and partials see it: a name or bare value that stands before it has ended.
    /// Nil where none of them may begin or end.
    var atBoundary: HTMLPosition? {
        var place = self
        switch state {
        case .tagName, .attributeName, .unquoted:
            if state == .attributeName, place.endName() != nil { return nil }
            place.endValue()
            place.state = .tag(needsSpace: true)
        case .afterAttributeName:
            place.endValue()
        case .tagOpen, .endTagOpen, .beforeValue, .bang: return nil
        case .comment(let comment): if comment != .inside { return nil }
        case .content(let ended): if ended > 0 || script.isEscaping { return nil }
        case .text, .tag, .quoted, .declaration: break
        }
        return place
    }

    /// The one place that holds after either of two, when both are alike enough for what follows.
    func joined(_ other: HTMLPosition) -> HTMLPosition? {
        var place = self
        switch (state, other.state) {
        case (.tag(let a), .tag(let b)): place.state = .tag(needsSpace: a || b)
        default: break
        }
        if let url, let otherURL = other.url { place.url = url.joined(otherURL) }
        place.meta = meta.joined(other.meta)
        var comparable = other
        comparable.state =
            place.state == .tag(needsSpace: true) && other.isBetweenAttributes ? place.state : other.state
        comparable.url = place.url
        comparable.meta = place.meta
        return (url == nil) == (other.url == nil) && comparable == place ? place : nil
    }

    private var isBetweenAttributes: Bool { if case .tag = state { true } else { false } }

    /// Notes that data of unknown text stands here.
    mutating func passValue() {
        url?.passValue()
        if element == "meta", attribute == "content" { meta.hasData = true }
    }

    /// Notes that a URL of the template's own stands here, which may have a query.
    mutating func passURL() { if url != nil { url = .query } }

    /// For messages.
    var words: String {
        switch state {
        case .text: "in text"
        case .tagOpen, .endTagOpen, .tagName: "in the name of a tag"
        case .tag, .attributeName, .afterAttributeName: "in the tag `<\(element)>`"
        case .beforeValue, .quoted, .unquoted: "in the attribute `\(attribute)`"
        case .bang, .comment: "in a comment"
        case .declaration: "in a declaration"
        case .content: "in `<\(element)>`"
        }
    }
}
