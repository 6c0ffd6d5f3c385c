import App
import Core
import PluginKit
import Store
import Testing

/// Which plugins are to be active.
@Suite struct `The choice of plugins` {
    struct Case: Sendable {
        var isCore = false
        var isForDemo = false
        var chosen: Bool?
        var coreOnly = false
        var demo = false
        var isOn: Bool
    }

    @Test(arguments: [
        Case(isOn: true), Case(chosen: false, isOn: false), Case(chosen: true, isOn: true),
        Case(isForDemo: true, isOn: false), Case(isForDemo: true, demo: true, isOn: true),
        Case(isForDemo: true, chosen: true, isOn: true), Case(isForDemo: true, chosen: false, demo: true, isOn: false),
        Case(coreOnly: true, isOn: false), Case(chosen: true, coreOnly: true, isOn: false),
        Case(isCore: true, coreOnly: true, isOn: true), Case(isCore: true, chosen: false, coreOnly: true, isOn: false),
    ])
    func `is a person's first, and then what the program was started for`(test: Case) {
        let plugin = PluginDeclaration(
            id: "fax", name: "Fax", version: "1", isCore: test.isCore, isForDemo: test.isForDemo)
        let entries = test.chosen.map {
            [PluginsTable.Entry(id: "fax", isActive: $0, version: "1", since: Timestamp(seconds: 0))]
        }
        let choice = PluginChoice(entries: entries ?? [], coreOnly: test.coreOnly, demo: test.demo)
        #expect(choice.isOn(plugin) == test.isOn)
    }
}
