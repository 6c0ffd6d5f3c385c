import Domain
import Core
import HTTP
package import PluginKit

/// Tells customers what happens to their orders, by rules that the shop owner writes.
package struct OrderNotificationsPlugin: Plugin {
    package init() {}

    package var declaration: PluginDeclaration {
        PluginDeclaration(
            id: "ordernotifications", name: "Order notifications", version: "1.0.0",
            permissions: [.orders, .contacts, .messages, .templates, .settings], isCore: true,
            settings: [RuleSettings.rules.declaration],
            menu: [MenuEntry(group: .messages, path: "/admin/rules", word: "menu.rules", place: 20, role: .viewer)])
    }

    package func parts(_ context: PluginContext) throws -> PluginParts {
        let matrix = try RulesPage(context)
        let editor = try RulePage(context)
        let planner = RulePlanner(context)
        var parts = PluginParts()
        parts.planners = [OrderPlanner { event, order in try planner.drafts(for: event, of: order) }]
        parts.objectors = [
            ChannelObjector { channel, settings in
                let locale = context.site().locale
                return ChannelFit(channel: channel, locale: locale).objections(
                    to: settings[RuleSettings.rules].rules, context.pages.words(locale: locale))
            }
        ]
        parts.routes = [
            Route(.get, "/admin/rules", .role(.viewer)) { try matrix.show($0, $1) },
            Route(.post, "/admin/rules/{id}/switch", .role(.manager)) { try matrix.turn($0, $1) },
            Route(.get, "/admin/rules/{id}", .role(.viewer)) { try editor.show($0, $1) },
            Route(.post, "/admin/rules/{id}", .role(.manager)) { try editor.submit($0, $1) },
            Route(.post, "/admin/rules/{id}/delete", .role(.manager)) { try editor.delete($0, $1) },
        ]
        return parts
    }
}
