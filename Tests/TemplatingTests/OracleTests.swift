import TemplateOracle
import TestSupport
import Testing

@Suite struct `The oracle of pages` {
    private static let corpus = RepositoryFile.all(under: "Tests/FuzzTemplates/Corpus", ending: ".txt")

    /// Pages of harmless and of hostile data, and whether they differ in more than text.
    @Test(arguments: [
        ("<p>x</p>", "<p>&lt;b&gt;</p>", false), ("<p>x</p>", "<p><b></b></p>", true),
        ("<p title=\"x\">", "<p title=\"&quot; y=&quot;\">", false), ("<p title=\"x\">", "<p title=\"\" y=\"\">", true),
        ("<a href=\"x\">", "<a href=\"/y?z\">", false), ("<a href=\"x\">", "<a href=\" java&#10;script:1\">", true),
        ("<!-- x -->", "<!-- &#45;&#45;&gt; -->", false), ("<!-- x -->", "<!-- --><!-- -->", true),
        ("<p onclick=\"x\">", "<p onclick=\"y\">", true), ("<p style=\"x\">", "<p style=\"y\">", true),
        ("<script>x</script>", "<script>y</script>", true),
        ("<script type=\"application/json\">1</script>", "<script type=\"application/json\">2</script>", false),
        ("<textarea>x</textarea>", "<textarea></textarea><b>y</b>", true),
    ])
    func `sees what data brought in`(harmless: String, hostile: String, isDifferent: Bool) {
        let difference = TemplateOracle.difference(Array(harmless.utf8), Array(hostile.utf8))
        #expect((difference != nil) == isDifferent, "\(difference ?? "")")
    }

    @Test func `judges most of the corpus`() throws {
        let judged = try Self.corpus.filter { TemplateOracle.isJudged(try #require(RepositoryFile.read($0))) }
        #expect(judged.count >= 15, "\(judged)")
    }

    @Test(arguments: corpus)
    func `finds nothing in the corpus`(file: String) throws {
        #expect(TemplateOracle.mistake(in: try #require(RepositoryFile.read(file))) == nil)
    }

    /// A short run of what the fuzz target does at length.
    @Test func `finds nothing in pieces of the corpus put together`() throws {
        let pieces = try Self.corpus.flatMap { file in
            try #require(RepositoryFile.read(file)).split(
                separator: UInt8(ascii: "{"), omittingEmptySubsequences: false)
        }
        var random = SeededRandom(seed: 5)
        for _ in 0..<500 {
            let picked = (0..<Int.random(in: 1..<12, using: &random)).compactMap { _ in
                pieces.randomElement(using: &random)
            }
            let bytes = Array(picked.joined(separator: [UInt8(ascii: "{")]))
            #expect(TemplateOracle.mistake(in: bytes) == nil, "\(String(decoding: bytes, as: UTF8.self))")
        }
    }
}
