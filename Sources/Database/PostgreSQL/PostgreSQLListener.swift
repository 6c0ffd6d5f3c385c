import Core
import Glibc
import SQL
import Synchronization

/// Hears what other nodes announce, on a thread and a connection of its own. What is announced while it is not
/// connected is lost: announcements only hasten what polling would find.
final class PostgreSQLListener: Sendable {
    private let address: PostgreSQLAddress
    private let clock: any Clock
    private let log: Log
    private let heard: @Sendable (String) -> Void
    /// Closing its writing end wakes the thread, whatever it waits for.
    private let wake: Int32

    /// Its own word for each schema, so that two that share a database do not hear each other.
    static let channel: Query = "'cartwright_' || md5(coalesce(CAST(current_schema() AS TEXT), ''))"
    /// In milliseconds.
    private static let firstPause: Int32 = 100
    private static let longestPause: Int32 = 2000

    private init(
        _ address: PostgreSQLAddress, clock: any Clock, log: Log, wake: Int32,
        heard: @escaping @Sendable (String) -> Void
    ) {
        self.address = address
        self.clock = clock
        self.log = log
        self.wake = wake
        self.heard = heard
    }

    /// - Returns: nil when the system has no room for another thread.
    static func start(
        _ address: PostgreSQLAddress, clock: any Clock, log: Log, heard: @escaping @Sendable (String) -> Void
    ) -> ListenHandle? {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { return nil }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        let listener = PostgreSQLListener(address, clock: clock, log: log, wake: ends[0], heard: heard)
        guard let thread = try? Thread.start("db-listen", { listener.work() }) else {
            for end in ends { close(end) }
            return nil
        }
        let (reading, writing) = (ends[0], ends[1])
        return ListenHandle {
            close(writing)
            thread.join()
            close(reading)
        }
    }

    private func work() {
        var pause = Self.firstPause
        while true {
            do throws(PostgreSQLFailure) {
                let connection = try listening()
                pause = Self.firstPause
                while let payloads = try connection.announcements(or: wake) {
                    for topic in payloads.flatMap({ $0.split(separator: Self.separator) }) { heard(String(topic)) }
                }
                return
            } catch {
                guard !Self.isUnsupported(error.state) else {
                    return log.warning("database.listen-unsupported", ["error": .error(error.error)])
                }
                if pause == Self.firstPause { log.info("database.listen-lost", ["error": .error(error.error)]) }
            }
            var woken = pollfd(fd: wake, events: Int16(POLLIN), revents: 0)
            if poll(&woken, 1, Int32.random(in: pause / 2...pause)) > 0 { return }
            pause = min(pause * 2, Self.longestPause)
        }
    }

    private func listening() throws(PostgreSQLFailure) -> PostgreSQLConnection {
        let connection: PostgreSQLConnection
        do { connection = try PostgreSQLConnection(address, clock: clock) } catch {
            throw PostgreSQLFailure(error.error)
        }
        let patience = PostgreSQLHandle.patience
        let name = try connection.exchange([.query("SELECT \(Self.channel)")], patience: patience)
        guard case .text(let channel)? = name.first?.rows.first?.values.first else { return connection }
        _ = try connection.exchange([.command("LISTEN \(channel)")], patience: patience)
        return connection
    }

    /// CockroachDB has no LISTEN; nor will it have it a second later.
    static func isUnsupported(_ state: String) -> Bool { ["0A000", "42601", "42883"].contains(state) }

    // MARK: Announcing

    private static let separator: Character = "\n"
    /// Below the 8000 bytes of https://www.postgresql.org/docs/15/sql-notify.html
    private static let longestPayload = 7000

    /// The statements that announce `topics`, as few as hold them.
    static func announcements(_ topics: Set<String>) -> [Query] {
        var payloads: [String] = []
        for topic in topics.sorted() {
            if let last = payloads.last, last.utf8.count + topic.utf8.count < longestPayload {
                payloads[payloads.count - 1] = last + String(separator) + topic
            } else {
                payloads.append(topic)
            }
        }
        return payloads.map { "SELECT pg_notify(\(channel), \($0))" }
    }
}
