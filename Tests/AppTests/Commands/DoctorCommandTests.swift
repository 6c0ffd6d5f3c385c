import App
import Core
import Database
import HTTP
import SQL
import TestSupport
import Testing
import Text

@Suite struct `The doctor command` {
    private let bench: CommandBench

    init() throws { bench = try CommandBench() }

    private func doctor(_ arguments: String...) -> CommandBench.Run {
        bench.run(["doctor", "--offline", "--resources", RepositoryFile.root] + arguments)
    }

    @Test func `says of each part how it stands, one a line, also on an empty folder`() throws {
        let run = doctor()
        #expect(run.lines.count > 5)
        for line in run.lines {
            let cells = line.split(separator: "\t", omittingEmptySubsequences: false)
            #expect(cells.count == 3, "\(line)")
            #expect(["ok", "warn", "fail"].contains(cells[0]), "\(line)")
            #expect(cells.allSatisfy { !$0.isEmpty }, "\(line)")
        }
        #expect(run.lines.contains { $0.hasPrefix("warn\tserver\t") })
        let fails = run.lines.contains { $0.hasPrefix("fail\t") }
        #expect(run.status == (fails ? 1 : 0), "\(run.output)")
    }

    @Test func `says the same as JSON`() throws {
        let run = doctor("--json")
        let list = try JSON(parsing: Array(run.output.utf8)).expectArray()
        #expect(try list.map { try $0["check"].expectString() }.contains("server"))
        for item in list {
            #expect(["ok", "warn", "fail"].contains(try item["state"].expectString()))
            #expect(try !item["text"].expectString().isEmpty)
        }
        #expect(list.count == doctor().lines.count)
    }

    @Test func `fails, and names it, when a secret cannot be opened`() throws {
        #expect(bench("settings", "set", "meta.access_token", "--stdin", input: "secret\n").status == 0)
        let foundation = try bench.open()
        try foundation.database.write { tx in
            try tx.run(
                "UPDATE settings SET sealed = \([UInt8](repeating: 7, count: 60)) WHERE key = 'meta.access_token'")
        }
        foundation.database.close()
        let run = doctor()
        #expect(run.status == 1)
        let failed = run.lines.filter { $0.hasPrefix("fail\t") }
        #expect(!failed.isEmpty)
        #expect(run.errors.contains("cartwright: does not work: "))
    }

    @Test func `says why a house does not even start`() throws {
        #expect(bench("settings", "list").status == 0)
        try bench.folder.write("data/master.key", "nonsense\n")
        let run = doctor()
        #expect(run.status == 1)
        #expect(run.lines.first?.hasPrefix("fail\tstart\t") == true)
        #expect(run.errors.hasSuffix("cartwright: does not work: start\n"))
        #expect(run.lines.first?.contains("is damaged. Mend this first") == true)
    }
}
