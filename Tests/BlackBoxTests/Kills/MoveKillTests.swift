import Core
import Crypto
import Database
import Glibc
import HTTP
import SQL
import Store
import TestSupport
import Testing

/// kill -9 in the middle of `migrate-database`: the source is as it was, and the next try ends the move.
@Suite(.serialized) struct `A move to another database that is killed` {
    /// One run kills a move twice in each direction; `scripts/soak/moves.sh` asks for more.
    static let runs = getenv("CARTWRIGHT_TEST_MOVE_RUNS").flatMap { Int(String(cString: $0)) } ?? 1

    @Test(.enabled(if: TestDatabase.engines.contains(.postgresql)), arguments: 1...runs)
    func `leaves the source as it was and is ended by the next try, there and back`(run: Int) throws {
        let folder = try TemporaryFolder()
        let (data, source) = (folder.file("data"), folder.file("data/cartwright.db"))
        #expect(try Cartwright.run(["settings", "set", "site.name", "Tea", "--data", data]).status == 0)
        try Self.fill(source)
        let bytes = SHA256.hash(try Self.contents(of: source))
        let server = try TestDatabase(.postgresql)
        guard case .server(let address) = server.location else { return }

        for moment in Moment.allCases {
            try kill(data, from: source, to: address.reveal(), at: moment, watching: server.location)
            #expect(SHA256.hash(try Self.contents(of: source)) == bytes, "\(moment)")
        }
        try end(data, from: source, to: address.reveal())

        let back = folder.file("back/cartwright.db")
        let tables = try Self.digests(server.location)
        for moment in Moment.allCases {
            try kill(data, from: address.reveal(), to: back, at: moment, watching: .file(back))
            #expect(try Self.digests(server.location) == tables, "\(moment)")
        }
        try end(data, from: address.reveal(), to: back)

        let served = try ServerProcess(data: data, ["--database", back])
        #expect(try served.send(.get, "/healthz").status == 200)
        #expect(try served.stop() == .exited(0))
        let name = try Cartwright.run(["settings", "get", "site.name", "--data", data, "--database", back])
        #expect(name.output == "Tea\n")
    }

    private enum Moment: CaseIterable {
        /// Some tables are noted, whichever those are in this run.
        case copying
        /// All are there, and have not all been compared.
        case comparing
    }

    private func kill(
        _ data: String, from: String, to: String, at moment: Moment, watching target: DatabaseLocation
    ) throws {
        let errors = try TemporaryFolder()
        let move = try ChildProcess(
            Cartwright.program, ["migrate-database", "--from", from, "--to", to, "--data", data],
            environment: Cartwright.environment, errors: errors.file("errors"))
        let number = Int.random(in: 1...25)
        let end = SystemClock().sinceBoot() + .seconds(60)
        while (try? Self.hasCome(moment, number, target)) != true, SystemClock().sinceBoot() < end {}
        move.kill()
        #expect(try move.ending() == .killed(signal: SIGKILL), "\(errors.text("errors"))")
        let early = try Cartwright.run(["settings", "list", "--data", data, "--database", to])
        #expect(early.status == 1)
        #expect(early.errors.contains("run the same migrate-database again"))
    }

    private func end(_ data: String, from: String, to: String) throws {
        let run = try Cartwright.run(["migrate-database", "--from", from, "--to", to, "--data", data])
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.output.contains("trail\t20000"))
    }

    private static func hasCome(_ moment: Moment, _ number: Int, _ location: DatabaseLocation) throws -> Bool {
        if case .file(let path) = location, access(path, F_OK) != 0 { return false }
        let database = try Database(location, clock: SystemClock(), log: TestDatabase.quiet)
        defer { database.close() }
        guard try database.hasTable(Database.copyNotes) else { return false }
        let notes = try database.read { try CopyNotesTable.all(in: $0) }
        let tables = try database.tables().count
        return switch moment {
        case .copying: notes.count >= number
        case .comparing: notes.count == tables && notes.values.allSatisfy { $0.stage == .copied }
        }
    }

    /// Enough that the move takes a while.
    private static func fill(_ path: String) throws {
        let database = try Database(.file(path), clock: SystemClock(), log: TestDatabase.quiet)
        defer { database.close() }
        let trail = try #require(try database.tables().first { $0.name == "trail" })
        let rows = (1...20_000).map { number in
            Row([.integer(number), .integer(number), .integer(1), .text("planned"), .text("{}")])
        }
        try database.load { tx in try TableRows.insert(rows, into: trail, in: tx) }
    }

    private static func digests(_ location: DatabaseLocation) throws -> [TableDigest] {
        let database = try Database(location, clock: SystemClock(), log: TestDatabase.quiet)
        defer { database.close() }
        return try database.snapshot { tx in try Database.tables(in: tx).map { try TableDigest.of($0, in: tx) } }
    }

    private static func contents(of path: String) throws -> [UInt8] {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        defer { close(file) }
        var status = stat()
        try #require(fstat(file, &status) == 0)
        var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
        try #require(read(file, &bytes, bytes.count) == bytes.count)
        return bytes
    }
}
