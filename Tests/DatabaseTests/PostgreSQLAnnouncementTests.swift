import Core
import Database
import SQL
import TestSupport
import Testing

/// What nodes tell each other through the server.
@Suite(.enabled(if: TestDatabase.engines.contains(.postgresql)))
struct PostgreSQLAnnouncementTests {
    /// Collects what is heard, to be waited for.
    private final class Ear: Sendable {
        let topics = Monitor<[String]>([])

        func hear(_ topic: String) {
            topics.withLock { $0.append(topic) }
            topics.wakeAll()
        }

        /// Whether all of `wanted` come to be heard.
        func hears(_ wanted: Set<String>) -> Bool {
            topics.wait(atMost: .seconds(20)) { wanted.isSubset(of: $0) ? true : nil } ?? false
        }
    }

    /// Announces again and again until it is heard: listening begins some time after it was asked for.
    private func awaitListening(_ ear: Ear, from database: Database) throws {
        let end = SystemClock().sinceBoot() + .seconds(20)
        while SystemClock().sinceBoot() < end {
            try? database.announce(["ready"])
            if ear.topics.wait(atMost: .milliseconds(50), for: { $0.contains("ready") ? true : nil }) == true { return }
        }
        Issue.record("nothing was heard")
    }

    @Test func `what one node announces every other hears, and nobody in another schema`() throws {
        let test = try TestDatabase(.postgresql)
        let stranger = try TestDatabase(.postgresql)
        let other = try test.another()
        defer { other.close() }
        let (ear, strangers) = (Ear(), Ear())
        let handle = try #require(other.listen { ear.hear($0) })
        let elsewhere = try #require(stranger.database.listen { strangers.hear($0) })
        defer {
            handle.stop()
            elsewhere.stop()
        }
        try awaitListening(ear, from: test.database)
        try awaitListening(strangers, from: stranger.database)
        try test.database.announce(["jobs", "number:+1 202 555 0100", "it's"])
        #expect(ear.hears(["jobs", "number:+1 202 555 0100", "it's"]))
        // More than one message holds.
        let many = Set((0..<2000).map { "topic-\($0)" })
        try test.database.announce(many)
        #expect(ear.hears(many))
        try stranger.database.announce(["last"])
        #expect(strangers.hears(["last"]))
        #expect(strangers.topics.withLock { $0.allSatisfy { ["ready", "last"].contains($0) } })
    }

    @Test func `listening goes on after the server was away, and ends when told`() throws {
        let server = try PostgresServer()
        let database = try server.database()
        defer { database.close() }
        let ear = Ear()
        let handle = try #require(database.listen { ear.hear($0) })
        try awaitListening(ear, from: database)
        try server.restart()
        ear.topics.withLock { $0.removeAll() }
        try awaitListening(ear, from: database)
        handle.stop()
        handle.stop()
        let before = ear.topics.withLock { $0.count }
        try database.announce(["late"])
        #expect(ear.topics.withLock { $0.count } == before)
    }

    @Test func `listening ends while the server is away`() throws {
        let server = try PostgresServer()
        let database = try server.database()
        let handle = try #require(database.listen { _ in })
        try server.stop()
        handle.stop()
        database.close()
    }

    @Test func `a file has nobody to tell`() throws {
        let test = try TestDatabase(.sqlite)
        #expect(test.database.listen { _ in } == nil)
        try test.database.announce(["jobs"])
        try test.database.requireExtension("pg_trgm")
    }
}
