import App
import Core
import Database
import PluginKit
import SQL
import Store
import Synchronization
import TestSupport
import Testing

@Suite struct `The plugin uninstall command` {
    private static let table = Migration(1, "pages", common: ["CREATE TABLE fax_pages (id BIGINT PRIMARY KEY)"])
    private static let number = Setting.text("fax.number", tab: "fax")

    /// Has something outside that can be taken away while its line is free.
    private struct Fax: Plugin {
        let isBusy: @Sendable () -> Bool

        var declaration: PluginDeclaration {
            PluginDeclaration(
                id: "fax", name: "Fax", version: "1", settings: [number.declaration], migrations: [table],
                warning: "notice.woocommerce_off", outside: "woocommerce.outside")
        }

        func parts(_ context: PluginContext) throws -> PluginParts { PluginParts() }

        func uninstall(_ context: PluginContext) throws {
            if isBusy() { throw Busy() }
        }
    }

    private struct Busy: Error, CustomStringConvertible {
        let description = "the line is busy"
    }

    private final class Line: Sendable {
        let isBusy = Mutex(false)
    }

    private let line: Line
    private let bench: CommandBench

    init() throws {
        let line = Line()
        self.line = line
        bench = try CommandBench(plugins: [Fax { line.isBusy.withLock { $0 } }])
        #expect(bench("settings", "set", "fax.number", "12").status == 0)
    }

    private func tables() throws -> [String] {
        let foundation = try bench.open()
        defer { foundation.database.close() }
        return try foundation.database.tables(prefix: "fax_", countingTo: 1).map(\.name)
    }

    private func uninstall(_ arguments: String...) -> CommandBench.Run {
        bench.run(["plugin", "uninstall", "fax", "--resources", RepositoryFile.root] + arguments)
    }

    @Test func `keeps what there is unless told otherwise, and says what does not work now`() throws {
        let run = uninstall()
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.lines.last?.hasPrefix("While WooCommerce is off, no orders arrive") == true)
        #expect(bench("plugin", "list").lines.last?.hasSuffix("\tnot installed") == true)
        #expect(bench("settings", "get", "fax.number").output == "12\n")
        #expect(try tables() == ["fax_pages"])
        let again = uninstall()
        #expect(again.status == 1)
        #expect(again.errors == "cartwright: Fax is not installed.\n")
    }

    @Test func `deletes everything with --delete-data`() throws {
        #expect(uninstall("--delete-data").status == 0)
        #expect(try tables().isEmpty)
        #expect(bench("settings", "get", "fax.number").output == "\n")
    }

    @Test func `says what is still there outside, and goes on with --anyway`() throws {
        line.isBusy.withLock { $0 = true }
        let refused = uninstall("--delete-data")
        #expect(refused.status == 1)
        #expect(refused.errors.contains("the line is busy. Try again, or go on without by --anyway"))
        #expect(bench("settings", "get", "fax.number").output == "12\n")
        #expect(bench("plugin", "list").lines.last?.hasSuffix("\tinactive") == true)
        #expect(uninstall("--delete-data", "--anyway").status == 0)
        #expect(try tables().isEmpty)
    }

    @Test func `knows only plugins that are there`() {
        let run = bench("plugin", "uninstall", "phone")
        #expect(run.status == 1)
        #expect(run.errors == "cartwright: there is no plugin phone; there are: fax\n")
    }
}
