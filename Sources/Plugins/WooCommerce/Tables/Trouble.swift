import Templating
import Text

/// A sentence for people that is kept until the next look: a word of the catalogue with its texts.
struct Trouble: Sendable, Equatable {
    var word: String
    var arguments: [String: String]

    init(_ word: Word) {
        self.word = word.key
        arguments = word.arguments.compactMapValues { if case .text(let text) = $0 { text } else { nil } }
    }

    init?(stored text: String) {
        guard let json = try? JSON(parsing: text), let word = json["word"].string else { return nil }
        self.word = word
        arguments = [:]
        for (name, value) in json["arguments"].object ?? [] { arguments[name] = value.string ?? "" }
    }

    var stored: String {
        let json = JSONWriter.object { json in
            json.field("word", word)
            json.object("arguments") {
                for (name, text) in arguments.sorted(by: { $0.key < $1.key }) { $0.field(name, text) }
            }
        }
        return String(decoding: json, as: UTF8.self)
    }

    var asWord: Word { Word(word, arguments.mapValues { .text($0) }) }
}
