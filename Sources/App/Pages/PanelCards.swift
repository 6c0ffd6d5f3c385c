import Core
import HTTP
import PluginKit
import Templating

/// A plugin's panel on a page, in the house's card.
struct PanelCard: TemplateModel {
    /// For `id` and `aria-labelledby`.
    var id: String
    var title: Word
    var html: SafeHTML?
    /// What is shown in place of a panel that could not be drawn.
    var problem: Word?

    static let fields: [Field<Self>] = [
        .text("id") { $0.id }, .word("title") { $0.title }, .html("html") { $0.html }, .word("problem") { $0.problem },
    ]
}

extension PanelCard {
    /// The panels that the active plugins have for this page and this person, in their order. One that throws or takes
    /// too long is a line that names its plugin. Call outside any transaction.
    static func all(for subject: Panel.Subject, _ host: Host, _ context: Context) throws -> [PanelCard] {
        let viewer = Panel.Viewer(role: try SignedIn(context).role, csrf: context.csrf)
        let panels = host.plugins.active.flatMap { plugin in
            plugin.parts.panels.enumerated().map { (plugin: plugin.declaration, place: $0.offset, panel: $0.element) }
        }
        return
            panels.filter { $0.panel.place == subject.place && viewer.role >= $0.panel.role }
            .sorted { ($0.panel.order, $0.plugin.id) < ($1.panel.order, $1.plugin.id) }
            .compactMap { plugin, place, panel in
                var card = PanelCard(id: "panel-\(plugin.id)-\(place)", title: Word(panel.title))
                switch host.calls.run(plugin.id, { try panel.draw(subject, viewer) }).outcome {
                case .done(nil): return nil
                case .done(let html): card.html = html
                case .failed(let error):
                    host.log.error("panel failed", ["plugin": .text(plugin.id), "error": .error(error)])
                    card.problem = Word("panel.failed", ["plugin": .text(plugin.name)])
                case .late, .passedOver: card.problem = Word("panel.late", ["plugin": .text(plugin.name)])
                }
                return card
            }
    }
}
