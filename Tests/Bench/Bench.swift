import Core
import Crypto
import Database
import Domain
import Glibc
import SQL
import Store

/// What the benchmarks compare the program with, and fill it with.
///
///     Bench commit FOLDER BODY ROWS SECONDS   rows per second that one writer commits, so many in a transaction
///     Bench fill FOLDER COUNT                 puts messages into the ledger of a folder that the program has made
@main
enum Bench {
    struct Usage: Error, CustomStringConvertible {
        let description = "usage: Bench commit FOLDER BODY ROWS SECONDS | fill FOLDER COUNT"
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
        let location = try DatabaseLocation(parsing: "\(arguments[1])/cartwright.db")
        let database = try Database(location, clock: clock, log: Log(clock: clock) { _ in })
        defer { database.close() }
        switch (arguments[0], arguments.count) {
        case ("commit", 5):
            guard let rows = Int(arguments[3]), let seconds = Int64(arguments[4]) else { throw Usage() }
            try database.migrate([HostSchema.series], program: 1)
            let body = try Webhooks(file: arguments[2])
            print(try body.commit(rows, at: clock, for: .seconds(seconds), into: database))
        case ("fill", 3):
            guard let count = Int(arguments[2]) else { throw Usage() }
            try Ledger(count: count, now: clock.now()).fill(database)
        default: throw Usage()
        }
    }
}
