import Core
import SQL
import TestSupport
import Testing

@testable import Database

/// The parts of the PostgreSQL engine that decide without a server.
@Suite struct PostgreSQLPartsTests {
    private let error = DatabaseError(kind: .unavailable, message: "away")

    @Test(arguments: [
        ("\"$user\", public", "$user"), ("Shop, public", "shop"), ("\"Shop, \"\"2\"\"\",public", "Shop, \"2\""),
        ("", nil), ("\"\"", nil),
    ])
    func `the first schema of a search_path is read`(path: String, schema: String?) {
        #expect(PostgreSQLExtensions.firstSchema(onPath: path) == schema)
    }

    @Test func `after a failed connect one tries at a time, later and later`() {
        var circuit = PostgreSQLCircuit()
        var now = Timestamp.Span.zero
        #expect(circuit.refusal(at: now) == nil)
        let isFirst = circuit.failed(error, at: now)
        #expect(isFirst)
        for longest in [100, 200, 400, 800, 1600, 2000, 2000] as [Int64] {
            let justBefore = now + .milliseconds(longest / 2 - 1)
            #expect(circuit.refusal(at: justBefore)?.message == "away")
            now = now + .milliseconds(longest)
            #expect(circuit.refusal(at: now) == nil)
            // Somebody is trying: all others are refused, however long that takes.
            #expect(circuit.refusal(at: now + .seconds(60))?.message == "away")
            let isFirstAgain = circuit.failed(error, at: now)
            #expect(!isFirstAgain)
        }
        now = now + .seconds(2)
        #expect(circuit.refusal(at: now) == nil)
        let wasAway = circuit.succeeded()
        #expect(wasAway)
        // All is well, and anybody may connect again.
        #expect(circuit.refusal(at: now) == nil)
        #expect(circuit.refusal(at: now) == nil)
        let isAway = circuit.succeeded()
        #expect(!isAway)
    }

    @Test func `a silent server is tried by one, in a moment after the last silence`() {
        var circuit = PostgreSQLCircuit()
        circuit.suspect(error, at: .seconds(5))
        // Another caller on another connection had waited a little longer.
        circuit.suspect(error, at: .milliseconds(5700))
        #expect(circuit.refusal(at: .milliseconds(6699))?.message == "away")
        #expect(circuit.refusal(at: .milliseconds(6700)) == nil)
        // Somebody is trying.
        circuit.suspect(error, at: .seconds(7))
        #expect(circuit.refusal(at: .seconds(60))?.message == "away")
    }

    @Test func `the statement unused for longest makes room, and no name is given twice`() {
        var statements = PostgreSQLStatements(limit: 2)
        func key(_ sql: String) -> PostgreSQLStatements.Key { .init(sql: sql, types: []) }
        #expect(statements.name(of: key("a")) == ("s1", true))
        #expect(statements.name(of: key("b")) == ("s2", true))
        #expect(statements.name(of: key("a")) == ("s1", false))
        #expect(statements.name(of: key("c")) == ("s3", true))
        #expect(statements.evicted == ["s2"])
        #expect(statements.name(of: key("a")) == ("s1", false))
        #expect(statements.name(of: key("b")) == ("s4", true))
        #expect(statements.evicted == ["s2", "s3"])
        #expect(statements.count == 2)
        #expect(statements.takeEvicted() == ["s2", "s3"])
        #expect(statements.takeEvicted().isEmpty)
        // The server did not come to one of the two, nor to the last preparation.
        statements.keepEvicted("s3")
        statements.forget(key("b"))
        #expect(statements.evicted == ["s3"])
        #expect(statements.name(of: key("b")) == ("s5", true))
        statements.forgetAll()
        #expect(statements.evicted.isEmpty)
        #expect(statements.name(of: key("a")) == ("s6", true))
    }

    @Test func `servers that we cannot work on are objected to`() {
        func objection(_ version: Int32, _ encoding: String?) -> String? {
            PostgreSQLConnecting.objection(version: version, encoding: encoding, isStandby: false, isReadOnly: false)
        }
        #expect(objection(140_012, "UTF8") == "PostgreSQL 14 is too old: 15 or later is needed")
        #expect(objection(150_000, "UTF8") == nil)
        // A proxy may not tell.
        #expect(objection(170_002, nil) == nil)
        #expect(objection(150_000, "LATIN1")?.contains("LATIN1") == true)
    }

    @Test func `engines that only speak like PostgreSQL are known by what they say of themselves`() {
        func objection(_ version: Int32, said: String, cockroach: String? = nil) -> String? {
            PostgreSQLConnecting.objection(
                version: version, said: said, cockroach: cockroach, encoding: "UTF8", isStandby: false,
                isReadOnly: false)
        }
        for (version, said) in [(130_000, "13.0.0"), (180_000, "18.0.0")] as [(Int32, String)] {
            #expect(objection(version, said: said, cockroach: "v26.2.0")?.hasPrefix("this is CockroachDB") == true)
        }
        #expect(
            objection(110_002, said: "11.2-YB-2024.2.3.0-b0")
                == "a YugabyteDB on PostgreSQL 11 is too old: 15 or later is needed")
        #expect(objection(150_012, said: "15.12-YB-2025.1.0.0-b0") == nil)
        #expect(objection(150_014, said: "15.14 (Debian 15.14-0+deb12u1)") == nil)
    }

    @Test func `the server's code is found whatever language it speaks`() {
        let message = """
            connection to server at "127.0.0.1", port 5432 failed: FATAL:  28000: no pg_hba.conf entry
            LOCATION:  ClientAuthentication, auth.c:546
            connection to server at "127.0.0.1", port 5432 failed: FATAL:  28P01: Passwort-Authentifizierung: fehlgeschlagen
            ORT:  auth_failed, auth.c:331
            """
        #expect(PostgreSQLRefusal.answer(in: message) == ("28P01", "Passwort-Authentifizierung: fehlgeschlagen"))
        let refused = "connection to server at \"db:5432\" failed: Connection refused\n\tIs the server running?"
        #expect(PostgreSQLRefusal.answer(in: refused) == ("", ""))
    }

    @Test func `a closure that met others three times runs alone, and a unique key says no four times`() {
        func failure(_ repetition: PostgreSQLFailure.Repetition) -> PostgreSQLFailure {
            PostgreSQLFailure(error, repetition: repetition)
        }
        var repeats = PostgreSQLRepeats(clock: FixedClock())
        var alone: [Bool] = []
        for _ in 0..<4 {
            let mayRun = repeats.mayRun(after: failure(.contention))
            #expect(mayRun)
            alone.append(repeats.runsAlone)
        }
        #expect(alone == [false, false, true, true])
        // It has met others four times; that its connection dies for once is another matter.
        let mayRunElsewhere = repeats.mayRun(after: failure(.lostConnection))
        #expect(mayRunElsewhere)
        let mayRunNever = repeats.mayRun(after: failure(.never))
        #expect(!mayRunNever)
        var conflicts = PostgreSQLRepeats(clock: FixedClock())
        #expect((0..<4).map { _ in conflicts.mayRun(after: failure(.conflict)) } == [true, true, true, false])
        #expect(!conflicts.runsAlone)
    }

    @Test func `a server without LISTEN is told from one that is away`() {
        #expect(PostgreSQLListener.isUnsupported("0A000"))
        #expect(!PostgreSQLListener.isUnsupported("57P01"))
        #expect(!PostgreSQLListener.isUnsupported(""))
    }

    @Test func `what is announced fits its messages`() {
        let topics = Set((0..<3000).map { "topic-\($0)" })
        let payloads = PostgreSQLListener.announcements(topics).flatMap(\.values)
        #expect(payloads.count > 1)
        var heard: [Substring] = []
        for payload in payloads {
            guard case .text(let text) = payload else { continue }
            #expect(text.utf8.count < 8000)
            heard += text.split(separator: "\n")
        }
        #expect(heard.count == 3000)
        #expect(Set(heard.map(String.init)) == topics)
    }
}
