import HTTP

/// The admin's pages, in the order of the sidebar. A new page is a line here.
struct AdminRoutes {
    let all: [Route]

    init(_ host: Host, _ pages: PageRenderer) throws {
        all =
            try SignInPages(host, pages).routes
            + StartPage(host, pages).routes
            + SettingsPage(host, pages).routes
    }
}
