import App
import Crypto
import Glibc
import TestSupport
import Testing

@Suite struct `The place that a command is given` {
    private let bench: CommandBench
    private var typo: String { bench.folder.file("typo") }

    init() throws { bench = try CommandBench() }

    private static let looking = [
        ["backup", "/nowhere/shop.zip"], ["doctor", "--offline"], ["instance"], ["instance", "confirm"],
        ["token", "list"],
        ["settings", "get", "site.name"], ["settings", "list"], ["user", "list"], ["plugin", "list"], ["privacy"],
        ["key", "rotate"], ["routes"],
    ]

    private func run(_ arguments: [String], _ data: String) -> CommandBench.Run {
        bench.run(arguments + ["--data", data], withData: false)
    }

    private func isThere(_ path: String) -> Bool { access(path, F_OK) == 0 }

    @Test(arguments: looking)
    func `that looks has to be there: nothing is made of a mistyped folder`(arguments: [String]) throws {
        let run = run(arguments, typo)
        #expect(run.status == 1)
        let said = run.output + run.errors
        #expect(said.contains("there is no installation here: the folder \(typo) does not exist"), "\(said)")
        #expect(!isThere(typo))
    }

    @Test func `may be another's folder: it is left as it is`() throws {
        try bench.folder.write("data/photo.jpg", "not ours")
        let run = run(["token", "list"], bench.data)
        #expect(run.status == 1)
        #expect(run.errors.contains("\(bench.data)/cartwright.db does not exist"))
        #expect(!isThere(bench.data + "/cartwright.db"))
        #expect(!isThere(bench.data + "/master.key"))
    }

    @Test func `is a new installation where something is put into it`() throws {
        #expect(run(["settings", "set", "site.name", "Wool"], typo).status == 0)
        #expect(run(["settings", "get", "site.name"], typo).output == "Wool\n")
    }

    @Test func `of a database that is mistyped is refused too`() throws {
        #expect(bench("settings", "list").status == 0)
        let elsewhere = bench.folder.file("data/cartwrihgt.db")
        let run = bench("settings", "list", "--database", elsewhere)
        #expect(run.status == 1)
        #expect(run.errors.contains("\(elsewhere) does not exist"))
        #expect(!isThere(elsewhere))
    }

    @Test(arguments: [["settings", "list"], ["settings", "set", "site.name", "Wool"]])
    func `without its master key gets no other one`(arguments: [String]) throws {
        #expect(bench("settings", "set", "site.name", "Wire").status == 0)
        let file = bench.data + "/master.key"
        let key = try KeyFile(path: file).load()[0]
        rename(file, bench.folder.file("kept.key"))
        let run = bench.run(arguments)
        #expect(run.status == 1)
        #expect(
            run.errors.contains(
                "there is no key file \(file), and what is in the database is sealed with master key \(key.id)"))
        #expect(!run.errors.contains("new data folder"))
        #expect(!isThere(file))
        #expect(bench("settings", "get", "site.name", "--key-file", bench.folder.file("kept.key")).output == "Wire\n")
    }
}
