import Core
import Glibc
import HTTP
import SQL
import TestSupport
import Testing
import Text

/// Copies of a shop's database, made as people make them, started beside the original.
@Suite struct `A copy of the database` {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func shell(_ words: [String]) throws {
        let child = try ChildProcess(
            "/usr/bin/env", words, environment: ["PATH": "/usr/bin:/bin"], errors: folder.file("shell.log"))
        #expect(try child.ending(within: .seconds(60)) == .exited(0), "\(words): \(folder.text("shell.log"))")
    }

    /// What readiness says of the instance.
    private func standing(_ server: ServerProcess) throws -> String? {
        let answer = try server.send(.get, "/readyz")
        #expect(answer.status == 200)
        return try JSON(parsing: answer.body)["checks"]["instance"].string
    }

    private func run(_ arguments: [String], _ place: [String]) throws -> Cartwright.Run {
        try Cartwright.run(arguments + place)
    }

    @Test func `of a folder is held until the command line confirms it; the original goes on undisturbed`() throws {
        let home = folder.file("home")
        let copy = folder.file("copy")
        do {
            let first = try ServerProcess(data: home)
            #expect(try standing(first) == "ok")
            #expect(try first.stop() == .exited(0))
        }
        try shell(["cp", "-r", home, copy])
        let original = try ServerProcess(data: home)
        let second = try ServerProcess(data: copy)
        #expect(try standing(original) == "ok")
        #expect(try standing(second) == "held: copied")
        #expect(
            try run(["instance"], ["--data", copy]).output.contains("The database was last at work in another folder."))
        #expect(try run(["instance"], ["--data", home]).output.hasPrefix("This is the live installation.\n"))

        let confirmed = try run(["instance", "confirm"], ["--data", copy])
        #expect(confirmed.status == 0, "\(confirmed.errors)")
        // In force when the command returns.
        #expect(try standing(second) == "ok")
        #expect(try second.stop() == .exited(0))
        #expect(try original.stop() == .exited(0))
        for data in [home, copy] {
            let again = try ServerProcess(data: data)
            #expect(try standing(again) == "ok", "\(data)")
            #expect(try again.stop() == .exited(0))
        }
    }

    @Test func `of a PostgreSQL database, dumped and read back into another, is held`() throws {
        let engine = try PostgresServer()
        let copy = engine.address.replacing("/postgres?", with: "/copied?")
        let data = folder.file("data")
        let first = try ServerProcess(data: data, ["--database", engine.address])
        #expect(try standing(first) == "ok")
        try shell(["createdb", "--maintenance-db", engine.address, "copied"])
        try shell(["pg_dump", "--dbname", engine.address, "--format", "custom", "--file", folder.file("dump")])
        try shell(["pg_restore", "--dbname", copy, folder.file("dump")])
        let second = try ServerProcess(data: data, ["--database", copy])
        #expect(try standing(second) == "held: copied")
        #expect(try standing(first) == "ok")
        let shown = try run(["instance"], ["--data", data, "--database", copy]).output
        #expect(shown.contains("This may be a copy, and is held since "))
        #expect(shown.contains("  Database: postgres, now copied\n"))
        let confirmed = try run(["instance", "confirm"], ["--data", data, "--database", copy])
        #expect(confirmed.status == 0, "\(confirmed.errors)")
        #expect(try second.stop() == .exited(0))
        let again = try ServerProcess(data: data, ["--database", copy])
        #expect(try standing(again) == "ok")
        #expect(try first.stop() == .exited(0))
        let original = try ServerProcess(data: data, ["--database", engine.address])
        #expect(try standing(original) == "ok")
    }
}
