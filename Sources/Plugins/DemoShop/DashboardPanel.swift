import Core
import PluginKit
import Templating

/// On the overview: what there is to play with.
struct DashboardPanel: TemplateModel {
    let canWrite: Bool

    static let fields: [Field<Self>] = [.flag("canWrite") { $0.canWrite }]

    static func make(_ pages: any Pages) throws -> Panel {
        let fragment = try pages.fragment("demoshop/dashboard-panel", DashboardPanel.self)
        return .dashboard("menu.demo", order: 90) { viewer in
            fragment.draw(DashboardPanel(canWrite: viewer.role >= .manager))
        }
    }
}
