import Core
package import HTTP
import Localization
package import PluginKit
import Synchronization
package import Templating

/// Pages of the real templates and words, in a frame of a few lines instead of the admin's whole shell.
package final class PagesDouble: Pages {
    package struct Shown: Sendable {
        package var template: String
        package var status: Int
        package var model: any Sendable
    }

    private let catalog: Catalog
    private let clock: any Clock
    private let library: TemplateLibrary
    private let record = Mutex<(shown: [Shown], notices: [String])>(([], []))

    init(catalog: Catalog, clock: any Clock) {
        self.catalog = catalog
        self.clock = clock
        library = TemplateLibrary(
            folders: [RepositoryFile.root + "/Templates"],
            sources: [TemplateSource(name: "admin/layout", file: "admin/layout", text: Self.layout)],
            words: LocalWords(catalog.words(for: "en"), zone: .utc), asset: { "/assets/" + $0 })
    }

    /// Every page that was answered, the first first.
    package var shown: [Shown] { record.withLock { $0.shown } }
    /// What redirects were given to say, the first first.
    package var notices: [String] { record.withLock { $0.notices } }

    package func admin<Model: TemplateModel>(_ name: String, _ model: Model.Type) throws -> PreparedPage<Model> {
        try page(name)
    }

    package func open<Model: TemplateModel>(_ name: String, _ model: Model.Type) throws -> PreparedPage<Model> {
        try page(name)
    }

    package func fragment<Model: TemplateModel>(
        _ name: String, _ model: Model.Type
    ) throws -> PreparedFragment<Model> {
        let template = try library.page(name, Model.self)
        return PreparedFragment { [self] model in
            SafeHTML(vouching: template.render(model, words: words(locale: "en"), now: clock.now()))
        }
    }

    package func words(locale: String) -> any TemplateWords { LocalWords(catalog.words(for: locale), zone: .utc) }

    package func redirect(to path: String, saying word: String, _ context: Context) -> Response {
        record.withLock { $0.notices.append(word) }
        return .redirect(to: path)
    }

    private func page<Model: TemplateModel>(_ name: String) throws -> PreparedPage<Model> {
        let template = try library.page(name, Framed<Frame, Model>.self)
        return PreparedPage { [self] model, status, _, _ in
            record.withLock { $0.shown.append(Shown(template: name, status: status, model: model)) }
            let errors = (model as? any FormPage)?.formErrors ?? []
            let html = template.render(
                Framed(frame: Frame(errors: errors), content: model), words: words(locale: "en"), now: clock.now())
            return .html(html, status: Status(rawValue: status))
        }
    }

    private static let layout = """
        <title>{{$title}}{{/title}}</title>{{$extra}}{{/extra}}
        <ul class="errors">{{#page.errors}}<li><a href="#{{field}}">{{message}}</a></li>{{/page.errors}}</ul>
        {{$main}}{{/main}}
        """

    /// What templates ask of every page.
    private struct Frame: TemplateModel {
        var errors: [FormError]

        static let fields: [Field<Self>] = [.object("page", Page.self) { Page(errors: $0.errors) }]

        struct Page: TemplateModel {
            var errors: [FormError]

            static let fields: [Field<Self>] = [
                .text("csrf") { _ in "csrf-of-the-test" }, .word("houseHelp") { _ in Word("house.sandbox_help") },
                .list("errors", ErrorRow.self) { $0.errors.map(ErrorRow.init) },
            ]
        }

        struct ErrorRow: TemplateModel {
            let error: FormError

            static let fields: [Field<Self>] = [
                .text("field") { $0.error.field }, .word("message") { $0.error.message },
            ]
        }
    }
}
