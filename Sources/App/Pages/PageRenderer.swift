import Core
import Domain
package import HTTP
import Localization
import Messaging
package import PluginKit
import Store
package import Templating

/// Renders pages: those of the admin in its shell, the open ones in a frame of their own.
package struct PageRenderer: Pages {
    private let host: Host
    private let library: TemplateLibrary
    private let menu: @Sendable () -> [MenuEntry]

    /// - Parameter menu: the sidebar's entries, of the host and of the active plugins.
    package init(_ host: Host, library: TemplateLibrary, menu: @escaping @Sendable () -> [MenuEntry]) {
        self.host = host
        self.library = library
        self.menu = menu
    }

    package func admin<Model: TemplateModel>(
        _ name: String, _ model: Model.Type
    ) throws -> PreparedPage<Model> {
        try prepare(name, model, withShell: true)
    }

    package func open<Model: TemplateModel>(
        _ name: String, _ model: Model.Type
    ) throws -> PreparedPage<Model> {
        try prepare(name, model, withShell: false)
    }

    package func fragment<Model: TemplateModel>(
        _ name: String, _ model: Model.Type
    ) throws -> PreparedFragment<Model> {
        let template = try library.page(name, Model.self)
        note(template.problems)
        return PreparedFragment { model in
            let site = host.site
            return SafeHTML(
                vouching: template.render(
                    model, words: words(locale: site.locale), zone: site.timeZone, now: host.clock.now()))
        }
    }

    private func note(_ problems: [TemplateError]) {
        for problem in problems {
            host.log.warning("template override left aside", ["problem": .text(problem.summary)])
        }
    }

    package func words(locale: String) -> any TemplateWords {
        LocalWords(host.catalog.words(for: locale), zone: Zone(host.site.timeZone) ?? .utc)
    }

    package func redirect(to path: String, saying word: String, _ context: Context) -> Response {
        Flash.redirect(to: path, "good", word, context)
    }

    private func prepare<Model: TemplateModel>(
        _ name: String, _ model: Model.Type, withShell: Bool
    ) throws -> PreparedPage<Model> {
        let template = try library.page(name, Framed<PageFrame, Model>.self)
        note(template.problems)
        return PreparedPage { model, status, request, context in
            let site = host.site
            let words = words(locale: site.locale)
            var page = frame(request, context, withShell: withShell)
            if let form = model as? any FormPage { page.errors = form.formErrors }
            let html = template.render(
                Framed(frame: PageFrame(page: page), content: model), words: words, zone: site.timeZone,
                now: host.clock.now())
            var response = Response.html(html, status: Status(rawValue: status))
            response.headers["Cache-Control"] = "no-store"
            if page.notice != nil { response.set(Flash.forget(context)) }
            return response
        }
    }

    private func frame(_ request: Request, _ context: Context, withShell: Bool) -> PageFrame.Page {
        let words = host.catalog.words(for: host.site.locale)
        var page = PageFrame.Page()
        page.lang = words.language.description
        page.dir = words.direction.rawValue
        page.theme = request.cookies["theme"].flatMap { ["light", "dark"].contains($0) ? $0 : nil } ?? "system"
        page.siteName = host.site.name
        page.isSafeMode = host.options.safeMode
        page.csrf = context.csrf
        page.notice = Flash.read(request, words: words)
        guard withShell, case .user(_, let email, let role, _) = context.caller else { return page }
        page.personName = email
        page.roleWord = Word("role." + role.rawValue)
        page.search = request.path == "/admin/search" ? request.query["q"] ?? "" : ""
        let house = host.standing
        page.house = house
        page.held = host.instance.hold.map {
            PageFrame.Held(hold: $0, sendsInside: house == .sandbox, isOwner: role == .owner)
        }
        page.nav = nav(at: request.path, role: role)
        return page
    }

    private func nav(at path: String, role: Role) -> [PageFrame.NavGroup] {
        let entries = menu().filter { role >= $0.role }
        // The entry with the longest path that the address lies under is the current one; all lie under the overview.
        let current = entries.filter { path == $0.path || $0.path != "/admin" && path.hasPrefix($0.path + "/") }
            .max { $0.path.utf8.count < $1.path.utf8.count }?.path
        let needs = MenuNeeds(host).counts()
        return MenuEntry.Group.allCases.compactMap { group in
            let items = entries.filter { $0.group == group }.sorted { $0.place < $1.place }
            guard !items.isEmpty else { return nil }
            return PageFrame.NavGroup(
                title: Word(group.word),
                items: items.map {
                    PageFrame.NavItem(
                        href: $0.path, label: Word($0.word), current: $0.path == current, needs: needs[$0.path])
                })
        }
    }
}

extension MenuEntry.Group {
    /// Its heading in the sidebar.
    var word: String {
        switch self {
        case .day: "menu.group.day"
        case .messages: "menu.group.messages"
        case .shop: "menu.group.shop"
        case .house: "menu.group.house"
        }
    }
}
