import HTTP

/// The admin's pages, in the order of the sidebar. A new page is a line here.
struct AdminRoutes {
    let all: [Route]

    /// - Parameter reload: puts to work what the database says of plugins now.
    init(_ host: Host, _ pages: PageRenderer, reload: @escaping @Sendable () throws -> Void) throws {
        all =
            try SignInPages(host, pages).routes
            + CodePage(host, pages).routes
            + LinkPage(host, pages).routes
            + Confirmations(host, pages).routes
            + StartPage(host, pages).routes
            + DashboardPage(host, pages).routes
            + SearchPage(host, pages).routes
            + OrdersPage(host, pages).routes
            + OrderPage(host, pages).routes
            + ContactsPage(host, pages).routes
            + ContactPage(host, pages).routes
            + MessagesPage(host, pages).routes
            + MessagePage(host, pages).routes
            + DeliveriesPage(host, pages).routes
            + DeliveryPage(host, pages).routes
            + JobsPage(host, pages).routes
            + BackupsPage(host, pages).routes
            + PluginsPage(host, pages, reload: reload).routes
            + PluginUninstallPage(host, pages, reload: reload).routes
            + UsersPage(host, pages).routes
            + UserPage(host, pages).routes
            + TokensPage(host, pages).routes
            + AuditPage(host, pages).routes
            + AccountPage(host, pages).routes
            + SecondFactorPage(host, pages).routes
            + PrivacyPage(host, pages).routes
            + DoctorPage(host, pages).routes
            + InstancePage(host, pages).routes
            + SettingsPage(host, pages).routes
            + AlertsTest(host).routes
    }
}
