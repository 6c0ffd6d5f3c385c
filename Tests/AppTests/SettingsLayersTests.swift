import App
import Database
import PluginKit
import SQL
import TestSupport
import Testing

/// What counts of a setting that is said in several places.
@Suite struct `A setting in force` {
    let bench: CommandBench

    init() throws { bench = try CommandBench() }

    @Test func `is what the command line says, then what is stored, then what was found out, then the default`() throws
    {
        let foundation = try bench.open()
        defer { foundation.database.close() }
        let settings = foundation.settings
        let name = HostSettings.siteName
        #expect(settings[name] == "My shop")
        settings.setDefault(of: name, to: "Demo shop")
        #expect(settings[name] == "Demo shop" && settings.shown(name.declaration) == "Demo shop")
        try settings.change([name.key: "Wool"], by: "test")
        #expect(settings[name] == "Wool" && settings.shown(name.declaration) == "Wool")
        settings.override(name, with: "Wire")
        #expect(settings[name] == "Wire" && settings.shown(name.declaration) == "Wire")
        #expect(settings.isOverridden(name.key) && settings.stored(name.key) == .text("Wool"))
    }
}
