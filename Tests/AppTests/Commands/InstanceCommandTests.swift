import App
import Core
import Database
import Domain
import Sandbox
import SQL
import Store
import TestSupport
import Testing

@Suite struct `The instance command` {
    private let bench: CommandBench

    init() throws { bench = try CommandBench(plugins: [SandboxPlugin()]) }

    private func run(_ arguments: String...) -> CommandBench.Run {
        bench.run(arguments + ["--resources", RepositoryFile.root])
    }

    /// Holds the bench's database, with a message that was due before and one that came in after.
    private func hold(_ kind: InstanceHold.Kind) throws {
        let foundation = try bench.open()
        defer { foundation.database.close() }
        try foundation.database.write { tx in
            try InstanceTable.hold(kind, at: CommandBench.now - .hours(1), in: tx)
        }
        for (text, time) in [("older", CommandBench.now - .hours(2)), ("newer", CommandBench.now - .minutes(5))] {
            try foundation.database.write { tx in
                let contact = try ContactsTable.reach(
                    PersonKey(phone: "+12025550141"), details: ContactDetails(), weight: .replaces, at: time, in: tx)
                let draft = MessageDraft(
                    intentKey: text, purpose: .orders, contactID: contact.id, content: MessageContent(text: text),
                    source: MessageSource(kind: .api))
                _ = try MessagesTable.plan([.init(draft, id: ID.make(at: time), channel: "sandbox")], at: time, in: tx)
            }
        }
    }

    private func statuses() throws -> [String: String] {
        let foundation = try bench.open()
        defer { foundation.database.close() }
        return try foundation.database.read { tx in
            let rows = try tx.rows("SELECT intent_key, status FROM messages")
            return try Dictionary(uniqueKeysWithValues: rows.map { (try $0.text(0), try $0.text(1)) })
        }
    }

    @Test func `says in sentences what it is, why, since when, and what to do`() throws {
        #expect(run("instance").output.contains("Nothing has been started here yet"))
        try hold(.restored)
        let said = run("instance").output
        #expect(said.contains("This may be a copy, and is held since 2026-11-20T"))
        #expect(said.contains("The database was restored from a backup."))
        #expect(said.contains("2 messages"))
        #expect(said.contains("cartwright instance confirm with --cancel-overdue, --cancel-older or --send-overdue"))
        #expect(said.contains("cartwright instance copy"))
        #expect(!said.contains("\t"))
        #expect(run("instance", "--json").output.contains(#""recorded":"held","here":"restored""#))
    }

    @Test func `names where everything was moved to`() throws {
        try hold(.moved(to: "postgresql://db.example/shop"))
        let said = run("instance").output
        #expect(said.contains("stop the server and start it with --database postgresql://db.example/shop"))
        #expect(!said.contains("instance copy"))
        #expect(run("instance", "copy").errors.contains("everything was moved from here"))
    }

    @Test func `confirms, with the page's three choices`() throws {
        try hold(.restored)
        let asked = run("instance", "confirm")
        #expect(asked.status == 1)
        #expect(asked.errors.contains("2 messages, the oldest since 2026-11-20T"))
        #expect(asked.errors.contains("choose --cancel-overdue, --cancel-older, --send-overdue"))
        #expect(run("instance", "confirm", "--cancel-older", "--send-overdue").status == 2)
        let confirmed = run("instance", "confirm", "--cancel-older")
        #expect(confirmed.status == 0, "\(confirmed.errors)")
        #expect(confirmed.output.contains("Its channel is the sandbox phone: nothing goes to people yet."))
        #expect(confirmed.output.contains("Called off: 1 message\n"))
        #expect(try statuses() == ["older": "cancelled", "newer": "planned"])
        #expect(run("instance").output.hasPrefix("This is the live installation.\nConfirmed by command line"))
    }
}
