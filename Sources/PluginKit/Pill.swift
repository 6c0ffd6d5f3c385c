package import Templating

/// A state as people see it: one word, and the tone that colours it (`admin/parts/pill`).
package struct Pill: TemplateModel, Equatable {
    package enum Tone: String, Sendable {
        case good, warning, bad, idle, info
    }

    package var tone: Tone
    package var word: Word

    package init(_ tone: Tone, _ word: Word) {
        self.tone = tone
        self.word = word
    }

    package init(_ tone: Tone, _ key: String) { self.init(tone, Word(key)) }

    package static let fields: [Field<Self>] = [.text("tone") { $0.tone.rawValue }, .word("word") { $0.word }]
}
