import Core
import Glibc
import Localization
import Templating
import TestSupport
import Testing

/// The templates that come with the program, as they are: places of tags, partials, words and static files.
/// Whether a page's fields fit is checked where its model is.
struct HouseTemplatesTests {
    private static let library = TemplateLibrary(folders: [RepositoryFile.root + "/Templates"])

    /// Which have a place for finished HTML, themselves or in a partial: only a model can promise that, so they are
    /// compiled where the house starts.
    private static func hasHTML(_ name: String) -> Bool {
        guard let text = try? library.source(name)?.text else { return false }
        return text.contains("{{{")
            || text.matches(of: /\{\{[>]([a-z\/-]+)\}\}/).contains { hasHTML(String($0.1)) }
    }

    @Test(arguments: library.names().filter { !hasHTML($0) })
    func `every template compiles, with its words and static files`(name: String) throws {
        let catalog = try Catalog.load(RepositoryFile.root + "/Locales")
        let library = TemplateLibrary(
            folders: [RepositoryFile.root + "/Templates"],
            words: LocalWords(catalog.words(for: "en"), zone: .utc),
            asset: { path in access("\(RepositoryFile.root)/Public/\(path)", R_OK) == 0 ? "/static/\(path)" : nil })
        _ = try library.untyped(name, .page)
    }

    @Test func `the templates are found`() {
        #expect(Self.library.names().contains("admin/layout"))
    }
}
