@testable import App
import Core
import Crypto
import Database
import SQL
import Store
import TestSupport
import Testing

/// A backup is what the database held at one moment, however much is written meanwhile.
@Suite struct `A backup beside writers` {
    @Test(arguments: TestDatabase.engines)
    func `holds what was committed together, or nothing of it`(engine: Engine) throws {
        let shops = try BackupBench(from: engine, to: engine)
        let manifest = try shops.from.open { foundation in
            let writers = try Writers(on: foundation.database)
            defer { writers.stop() }
            let maker = BackupMaker(
                database: foundation.database, dataFolder: shops.from.data, sealer: foundation.keyring.sealer,
                site: HostSettings.site(foundation.settings), clock: SystemClock())
            // Between any two tables something is committed.
            let outcome = try maker.write(to: shops.file) { _ in try writers.awaitOneMore() }
            try writers.finish()
            return outcome.manifest
        }
        try shops.shareKey()
        let restored = shops.to.run("restore", shops.file)
        #expect(restored.status == 0, "\(restored.errors)")
        try shops.to.open { foundation in
            try foundation.database.read { tx in
                try Writers.expectAgreement(in: tx)
                // What the restore itself adds to stays out.
                for table in manifest.tables where !["audit", "instance", "revisions"].contains(table.name) {
                    let ended = ["sessions", "nodes", "leases", "start_links"].contains(table.name)
                    let rows = try tx.count(Query(stringLiteral: "SELECT count(*) FROM \(table.name)"))
                    #expect(ended || rows == table.rows, "\(table.name)")
                }
            }
        }
    }
}

/// Two who write without a pause: one adds a row to two tables at a time, one changes rows of three tables to the same
/// number. The tables stand at the begin and at the end of a backup.
private struct Writers {
    private struct Progress {
        /// Of each writer.
        var commits = [0, 0]
        var isStopped = false
    }

    private static let action = "test.pair"

    private let progress = Monitor(Progress())
    private let threads: Concurrently

    init(on database: Database) throws {
        threads = try Concurrently(2) { [progress] writer in
            var number = 0
            while progress.withLock({ !$0.isStopped }) {
                number += 1
                let step = number
                try database.write { tx in
                    if writer == 0 { try Self.add(step, in: tx) } else { try Self.change(to: step, in: tx) }
                }
                progress.withLock { $0.commits[writer] += 1 }
                progress.wakeAll()
            }
        }
        try awaitOneMore()
    }

    private static func add(_ number: Int, in tx: any WriteTransaction) throws {
        let now = Timestamp(milliseconds: Int64(number))
        try AuditTable.add(
            AuditEntry(id: ID.make(at: now), at: now, actor: "test", action: action, subject: "\(number)"), in: tx)
        try tx.run(
            "INSERT INTO trail (id, message_id, at, kind, data) VALUES (\(number), \(number), 1, \(action), '{}')")
    }

    private static func change(to number: Int, in tx: any WriteTransaction) throws {
        try tx.run("UPDATE contacts SET first_name = \("\(number)")")
        try tx.run("UPDATE settings SET updated_at = \(number) WHERE key = 'site.name'")
        try tx.run("UPDATE users SET name = \("\(number)")")
    }

    /// Waits until each has committed once more. Throws when one has ended, or hangs.
    func awaitOneMore() throws {
        let before = progress.withLock { $0.commits }
        let hasCome: Void? = progress.wait(atMost: .seconds(30)) { progress in
            zip(progress.commits, before).allSatisfy { $0 > $1 } ? () : nil
        }
        guard hasCome != nil else { throw ProcessFailure("a writer writes no more") }
    }

    func stop() { progress.withLock { $0.isStopped = true } }

    func finish() throws {
        stop()
        try threads.finish()
    }

    static func expectAgreement(in tx: any ReadTransaction) throws {
        let added = try tx.count("SELECT count(*) FROM audit WHERE action = \(action)")
        #expect(added > 0)
        #expect(try tx.count("SELECT count(*) FROM trail WHERE kind = \(action)") == added)
        #expect(try tx.count("SELECT max(id) FROM trail WHERE kind = \(action)") == added)
        let changed = try tx.first("SELECT name FROM users")?.text(0)
        #expect(changed != "")
        let names = try tx.rows("SELECT first_name FROM contacts").map { try $0.textOrNil(0) }
        #expect(names == [changed, changed])
        #expect(
            try tx.first("SELECT updated_at FROM settings WHERE key = 'site.name'")?.integer(0).description == changed)
    }
}
