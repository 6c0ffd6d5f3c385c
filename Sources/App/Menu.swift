import Core
import PluginKit

/// The host's own places in the sidebar; plugins add theirs.
enum Menu {
    static let entries: [MenuEntry] = [
        MenuEntry(group: .day, path: "/admin", word: "menu.overview", place: 0, role: .viewer),
        MenuEntry(group: .day, path: "/admin/orders", word: "menu.orders", place: 10, role: .viewer),
        MenuEntry(group: .day, path: "/admin/contacts", word: "menu.contacts", place: 20, role: .viewer),
        MenuEntry(group: .messages, path: "/admin/messages", word: "menu.messages", place: 0, role: .viewer),
        MenuEntry(group: .messages, path: "/admin/deliveries", word: "menu.deliveries", place: 40, role: .manager),
        MenuEntry(group: .house, path: "/admin/plugins", word: "menu.plugins", place: 0, role: .manager),
        MenuEntry(group: .house, path: "/admin/jobs", word: "menu.jobs", place: 10, role: .manager),
        MenuEntry(group: .house, path: "/admin/backups", word: "menu.backups", place: 15, role: .owner),
        MenuEntry(group: .house, path: "/admin/users", word: "menu.users", place: 20, role: .owner),
        MenuEntry(group: .house, path: "/admin/tokens", word: "menu.tokens", place: 30, role: .owner),
        MenuEntry(group: .house, path: "/admin/audit", word: "menu.audit", place: 40, role: .manager),
        MenuEntry(group: .house, path: "/admin/privacy", word: "menu.privacy", place: 70, role: .viewer),
        MenuEntry(group: .house, path: "/admin/doctor", word: "menu.doctor", place: 80, role: .manager),
        MenuEntry(group: .house, path: "/admin/settings", word: "menu.settings", place: 90, role: .manager),
    ]
}
