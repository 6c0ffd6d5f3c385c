import Core
import Database
import SQL
import Store
import Synchronization
import TestSupport
import Testing

@testable import App

/// What comes to the source while it is compared for the last time, and held: moved with the rest, or refused.
@Suite struct `A write to the source of a move` {
    private let house: MovingHouse

    init() throws {
        house = try MovingHouse()
        #expect(house.bench("settings", "set", "site.name", "Tea").status == 0)
    }

    /// Commands on the source begin once nobody can write to it any more, and wait for the move's last transaction.
    @Test(arguments: TestDatabase.engines)
    func `by a command is refused with the new place's name once nobody may write`(engine: Engine) throws {
        let place = engine == .postgresql ? try TestDatabase(.postgresql) : nil
        if let place { try house.move(to: place.location) }
        let source = place?.location ?? .file(house.source)
        let target = house.bench.folder.file("other/cartwright.db")
        let commands = [
            ["settings", "set", "site.name", "Late"],
            ["user", "add", "--email", "late@shop.example", "--role", "viewer", "--password-stdin"],
            ["key", "rotate"],
        ]
        let key = house.bench.folder.text("data/master.key")
        let runs = Mutex<[CommandBench.Run]>([])
        let begun = Monitor(0)
        let late = Mutex<Concurrently?>(nil)
        try house.move(from: source, to: .file(target)) { [bench = house.bench] step in
            guard step == "holding the source", late.withLock({ $0 == nil }) else { return }
            let threads = try Concurrently(commands.count) { number in
                begun.withLock { $0 += 1 }
                begun.wakeAll()
                let run = bench.run(commands[number] + source.flags, input: "a long password")
                runs.withLock { $0.append(run) }
            }
            late.withLock { $0 = threads }
            _ = begun.wait { $0 == commands.count ? true : nil }
        }
        try #require(late.withLock { $0.take() }).finish()
        for run in runs.withLock({ $0 }) {
            #expect(run.status == 1)
            #expect(run.errors.contains("moved from here to \(target)"), "\(run.errors)")
        }
        #expect(runs.withLock { $0.count } == commands.count)
        for flags in [source.flags, ["--database", target]] {
            #expect(house.bench.run(["settings", "get", "site.name"] + flags).output == "Tea\n")
            #expect(!house.bench.run(["user", "list"] + flags).output.contains("late@shop.example"))
        }
        #expect(house.bench.folder.text("data/master.key") == key)
        // Whose word it is that this is the live one all the same may change it again.
        let confirmed = house.bench.run(["instance", "confirm"] + source.flags)
        #expect(confirmed.status == 0, "\(confirmed.errors)")
        #expect(house.bench.run(commands[0] + source.flags).status == 0)
    }

    @Test(arguments: TestDatabase.engines)
    func `by a command before that is moved with the rest`(engine: Engine) throws {
        let place = engine == .postgresql ? try TestDatabase(.postgresql) : nil
        if let place { try house.move(to: place.location) }
        let source = place?.location ?? .file(house.source)
        let target = house.bench.folder.file("other/cartwright.db")
        let isWritten = Mutex(false)
        try house.move(from: source, to: .file(target)) { [bench = house.bench] step in
            guard step == "reading back settings", !isWritten.withLock({ $0 }) else { return }
            isWritten.withLock { $0 = true }
            let run = bench.run(["settings", "set", "site.name", "Late"] + source.flags)
            #expect(run.status == 0, "\(run.errors)")
        }
        #expect(isWritten.withLock { $0 })
        #expect(house.bench("settings", "get", "site.name", "--database", target).output == "Late\n")
    }

    /// On SQLite the folder's lock keeps servers away.
    @Test(.enabled(if: TestDatabase.engines.contains(.postgresql)))
    func `cannot come from a server that has started since: the move ends there`() throws {
        let place = try TestDatabase(.postgresql)
        try house.move(to: place.location)
        let target = DatabaseLocation.file(house.bench.folder.file("other/cartwright.db"))
        let node = Node(id: "n1", name: "shop-1", role: .serve, version: "1")
        let error = #expect(throws: MoveError.self) {
            try house.move(from: place.location, to: target) { step in
                guard step == "reading back users" else { return }
                try place.database.write { tx in try NodesTable.beat(node, clock: CommandBench.now, in: tx) }
            }
        }
        #expect(error?.description.contains("shop-1 (serve) was at work on the source") == true)
        try place.database.write { tx in try NodesTable.leave(node.id, in: tx) }
        try house.move(from: place.location, to: target)
    }
}

extension DatabaseLocation {
    /// With which a command works on it, beside `--data`.
    fileprivate var flags: [String] {
        switch self {
        case .file(let path): ["--database", path]
        case .server(let address): ["--database", address.reveal()]
        }
    }
}
