import Core
import Crypto
import Database
import Domain
import Glibc
import SQL
import Store

/// What the benchmarks compare the program with, and fill it with. A place is a SQLite file or a PostgreSQL address.
///
///     Bench commit PLACE BODY ROWS SECONDS           rows per second that one writer commits, so many in a transaction
///     Bench writes PLACE CLIENTS SECONDS [apart]     writes of one row per second, each durable when its client goes on
///     Bench moves FOLDER COUNT [PLACE]               messages per second from planned to accepted, in a new data folder
///     Bench fill PLACE COUNT                         puts messages into the ledger of a place that the program has made
///     Bench backlog PLACE BODY COUNT                 puts webhooks there that nobody has worked
///     Bench templates FOLDER SECONDS                 templates rendered per second, and how they are compiled
@main
enum Bench {
    struct Usage: Error, CustomStringConvertible {
        let description = "usage: Bench commit|writes|moves|fill|backlog|templates PLACE …"
    }

    static func main() {
        do {
            try run(Array(CommandLine.arguments.dropFirst()))
        } catch {
            let line = Array("\(error)\n".utf8)
            _ = write(STDERR_FILENO, line, line.count)
            exit(1)
        }
    }

    private static func run(_ arguments: [String]) throws {
        guard arguments.count > 2 else { throw Usage() }
        let clock = SystemClock()
        if arguments[0] == "moves" {
            let place = arguments.count > 3 ? arguments[3] : nil
            let run = LedgerRun(count: try number(arguments[2]), folder: arguments[1], place: place)
            return print(try run.run(clock: clock))
        }
        if arguments[0] == "templates" {
            let time = Timestamp.Span.seconds(Int64(try number(arguments[2])))
            return try TemplateRuns(folder: arguments[1], time: time, clock: clock).run()
        }
        let place = try DatabaseLocation(parsing: arguments[1])
        var options = DatabaseOptions()
        if arguments[0] == "writes" { options.connections = try number(arguments[2]) }
        let database = try Database(place, clock: clock, log: Log(clock: clock) { _ in }, options: options)
        defer { database.close() }
        switch (arguments[0], arguments.count) {
        case ("commit", 5):
            try database.migrate([HostSchema.series], program: 1)
            let body = try Webhooks(file: arguments[2])
            let time = Timestamp.Span.seconds(Int64(try number(arguments[4])))
            print(try body.commit(try number(arguments[3]), at: clock, for: time, into: database))
        case ("writes", 4...5):
            let writes = SingleWrites(
                clients: try number(arguments[2]), time: .seconds(Int64(try number(arguments[3]))),
                isApart: arguments.dropFirst(4).first == "apart")
            print(try writes.run(on: database, clock: clock))
        case ("fill", 3): try Ledger(count: try number(arguments[2]), now: clock.now()).fill(database)
        case ("backlog", 4):
            try Webhooks(file: arguments[2]).keep(try number(arguments[3]), at: clock.now(), in: database)
        default: throw Usage()
        }
    }

    private static func number(_ text: String) throws -> Int {
        guard let number = Int(text), number > 0 else { throw Usage() }
        return number
    }
}
