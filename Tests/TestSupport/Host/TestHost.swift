package import App
package import Core
import Database
package import HTTP
import Localization
import Messaging
package import PluginKit
package import SQL
import Store
import Synchronization

/// The whole program in a folder of its own, without sockets and without threads: requests go through the front door
/// in process, background work is done when the test asks for it, and time stands still until the test moves it.
///
///     let house = try TestHost(settings: ["site.name": "Wool & Wire"])
///     let key = try house.token(.write)
///     let answer = try house.send(.post, "/api/v1/orders", json: order, as: key)
///     try house.work()
///     #expect(house.channel.texts == ["Thank you, Ana."])
package final class TestHost: Sendable {
    package let clock: FixedClock
    package let application: Application
    package let turns: BackgroundTurns
    /// Where messages go, under the id of the sandbox, unless the test brings plugins of its own with that channel.
    package let channel: RecordingChannel
    private let place: TestDatabase?
    private let folder: TemporaryFolder
    private let requests = Mutex(0)

    package var host: Host { application.host }

    /// - Parameters:
    ///   - plugins: besides the recording channel, which comes after them.
    ///   - client: the only way out; by default one that expects no call.
    ///   - isPseudo: every word of the catalogue comes in brackets: what shows without them has escaped it.
    ///   - settings: stored before anything runs, as the admin's forms would.
    ///   - other: another node on the same database, with the same key file and clock.
    package init(
        _ engine: Engine = .sqlite, plugins: [any Plugin] = [], client: any HTTPClient = RecordingHTTPClient(),
        clock: FixedClock = FixedClock(), log: Log = TestDatabase.quiet, isPseudo: Bool = false,
        settings: [String: String] = [:], beside other: TestHost? = nil,
        options change: (inout HostOptions) -> Void = { _ in }
    ) throws {
        let clock = other?.clock ?? clock
        self.clock = clock
        folder = try TemporaryFolder()
        channel = RecordingChannel()
        var options = HostOptions()
        options.data = folder.path
        options.publicURL = "https://cartwright.example"
        if let other {
            place = other.place
            options.database = other.host.options.databaseLocation
            options.keyFile = other.host.options.keyPath
        } else if engine == .postgresql {
            let place = try TestDatabase(.postgresql, clock: clock)
            self.place = place
            if case .server(let address) = place.location { options.database = address.reveal() }
        } else {
            place = nil
        }
        change(&options)
        let resources = try Resources.find(RepositoryFile.root)
        let host = try Host(
            options, plugins: plugins + [channel], resources: resources, client: client, clock: clock,
            log: log, translation: { isPseudo ? $0.pseudo() : $0 })
        let usual = ["site.url": "https://shop.example", "server.public_url": "https://cartwright.example"]
        try host.settings.change(usual.merging(settings) { $1 }, by: "test")
        application = try Application(host, resources: resources)
        turns = BackgroundTurns(host)
        try turns.declareJobs()
    }

    deinit { application.host.database.close() }

    /// The files of its data folder, as they are on disk at this moment.
    package func dataFiles() throws -> [(name: String, bytes: [UInt8])] { try folder.files() }

    /// Says that it is alive, as a running process does every few seconds.
    package func beat() throws { try NodeBeat(host).beat() }

    /// Sixteen digits that rise by one with each request of this house.
    func nextRequestID() -> String {
        let number = requests.withLock { number in
            number += 1
            return number
        }
        let digits = String(number)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}

// Background work.
extension TestHost {
    /// Does all that is due now, in the order of an order's path, until nothing more is: deliveries are read, events
    /// become messages, messages leave, answers are written down. Jobs have `runJobs`.
    package func work() throws {
        // Each round may make work for the next: an order its event, an event its message, an answer a hook.
        for _ in 0..<1000 {
            _ = try turns.deliveries.turn()
            _ = try turns.events.turn()
            let turn = try turns.dispatcher.turn()
            try recordAnswers(turn.handedOver)
            if turn.decided == 0, try !hasDueWork() { return }
        }
        throw WorkNeverEnds()
    }

    /// Runs every job that is due now; at the start those are all repeating ones.
    package func runJobs() throws {
        for _ in 0..<1000 {
            guard let due = try turns.runJobs(), due <= clock.now() else { return }
        }
        throw WorkNeverEnds()
    }

    /// Lets time pass and does what has become due.
    package func advance(by span: Timestamp.Span) throws {
        clock.advance(by: span)
        try work()
    }

    /// Answers come at once from a recording channel or client, from a real connection a moment later.
    private func recordAnswers(_ count: Int) throws {
        var recorded = 0
        while recorded < count, turns.answers.wait(atMost: .seconds(20), unless: { false }) {
            recorded += try turns.answers.record()
        }
    }

    private func hasDueWork() throws -> Bool {
        let now = clock.now()
        return try host.database.read { tx in
            try [DeliveriesTable.nextDue(in: tx), EventsTable.nextDue(in: tx)]
                .contains { due in due.map { $0 <= now } ?? false }
        }
    }

    private struct WorkNeverEnds: Error, CustomStringConvertible {
        let description = "background work makes more work without end"
    }
}
