import App
import Core
import Database
import Domain
import Glibc
import Localization
import Messaging
import PluginKit
import TestSupport
import Testing

/// Whatever the ledger writes down has words.
struct TrailSentencesTests {
    private let house: TestHost
    private let catalog: Catalog

    init() throws {
        house = try TestHost()
        catalog = house.host.catalog
    }

    @Test func `every reason of the policy has words`() {
        for reason in PolicyReason.allCases { #expect(catalog.has(reason.rawValue), "\(reason.rawValue)") }
    }

    @Test func `every reason that stands in the code has words`() throws {
        let reasons = Self.sources.flatMap { Self.words(after: "reason.", in: $0) { $0 == "\"" || $0 == "'" } }
        #expect(Set(reasons).isSuperset(of: ["no_answer", "resent_unconfirmed", "held_for_quality", "provider_busy"]))
        for reason in reasons { #expect(catalog.has("reason.\(reason)"), "reason.\(reason)") }
    }

    @Test func `every kind of note that stands in the code has a sentence`() throws {
        var kinds = Self.sources.flatMap { Self.words(after: "TrailNote(\"", in: $0) { _ in true } }
        for start in ["note(\"", "note(one.pending, \"", "lines(\""] {
            kinds += Self.sources.flatMap { Self.words(after: start, in: $0) { _ in true } }
        }
        kinds += [MessageStatus.suppressed, .cancelled].map(\.rawValue)
        kinds += HookTrace.Outcome.allCases.map { outcome in
            HookTrace(plugin: "p", hook: "h", outcome: outcome, microseconds: 1).note.kind
        }
        #expect(Set(kinds).isSuperset(of: ["planned", "waiting", "accepted", "readdressed", "filtered"]))
        for kind in kinds where kind != "status" { #expect(catalog.has("trail.\(kind)"), "trail.\(kind)") }
        for status in [MessageStatus.sent, .delivered, .read, .failed] {
            #expect(catalog.has(TrailSentences.key(of: TrailNote("status", ["status": status.rawValue]))))
        }
    }

    @Test func `a sentence names what the note holds, in the site's language and zone`() throws {
        try house.host.settings.change(["site.timezone": "Europe/Madrid"], by: "test")
        let sentences = TrailSentences(house.host)
        let waiting = TrailNote("waiting", ["reason": "reason.quiet_hours", "until": "2026-11-21T07:00:00.000Z"])
        #expect(sentences.text(of: waiting).hasPrefix("Waits until Nov 21, 2026, 8:00"))
        #expect(sentences.text(of: waiting).hasSuffix("It is night where the person lives."))
        let handedOver = TrailNote("handed_over", ["attempt": "1", "channel": "meta"])
        #expect(sentences.text(of: handedOver) == "Handed over (try 1): WhatsApp.")
        let filtered = TrailNote("filtered", ["plugin": "shout", "hook": "h", "microseconds": "1290"])
        #expect(sentences.text(of: filtered) == "The plugin shout changed the message at h (1.2 ms).")
    }

    @Test func `a note of a plugin that is gone does not go silent`() {
        #expect(TrailSentences(house.host).text(of: TrailNote("danced")).contains("danced"))
    }

    /// The program's own Swift files.
    private static let sources: [String] = files(under: RepositoryFile.root + "/Sources").compactMap { path in
        RepositoryFile.read(String(path.dropFirst(RepositoryFile.root.count + 1)))
            .map { String(decoding: $0, as: UTF8.self) }
    }

    private static func files(under folder: String) -> [String] {
        guard let directory = opendir(folder) else { return [] }
        defer { closedir(directory) }
        var found: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name.hasPrefix(".") { continue }
            if name.hasSuffix(".swift") {
                found.append("\(folder)/\(name)")
            } else if !name.contains(".") {
                found += files(under: "\(folder)/\(name)")
            }
        }
        return found
    }

    /// The words of lower-case letters and `_` right behind a mark, where the character before it is as asked.
    private static func words(after mark: String, in text: String, before: (Character) -> Bool) -> [String] {
        var words: [String] = []
        var rest = text[...]
        while let found = rest.firstRange(of: mark) {
            let isRight = found.lowerBound > text.startIndex && before(text[text.index(before: found.lowerBound)])
            rest = rest[found.upperBound...]
            let word = rest.prefix { ("a"..."z").contains($0) || $0 == "_" }
            let ends = rest.dropFirst(word.count).first
            if isRight, !word.isEmpty, ends == "\"" || ends == "'" { words.append(String(word)) }
        }
        return words
    }
}
