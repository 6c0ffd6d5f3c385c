import Core
import Database
import Glibc
import SQL
import Store

/// Rows as the program stores webhooks, each with a body of its own.
struct Webhooks {
    private static let mark = Array("@NUMBER@".utf8)

    private let before: [UInt8]
    private let after: [UInt8]

    /// - Parameter file: a body with `@NUMBER@` where its number goes.
    init(file: String) throws {
        guard let handle = fopen(file, "rb") else { throw Bench.Usage() }
        defer { fclose(handle) }
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        bytes.removeLast(bytes.count - fread(&bytes, 1, bytes.count, handle))
        guard let place = bytes.firstRange(of: Self.mark) else { throw Bench.Usage() }
        before = Array(bytes[..<place.lowerBound])
        after = Array(bytes[place.upperBound...])
    }

    /// - Parameter rows: in one transaction.
    /// - Returns: rows per second.
    func commit(
        _ rows: Int, at clock: some Clock, for time: Timestamp.Span, into database: Database
    ) throws -> Double {
        let start = clock.sinceBoot()
        var number = 0
        while clock.sinceBoot() - start < time {
            let (first, now) = (number, clock.now())
            try database.write { tx in
                for row in first..<(first + rows) { try store(row, at: now, in: tx) }
            }
            number += rows
        }
        return Double(number) * 1000 / Double((clock.sinceBoot() - start).milliseconds)
    }

    /// Puts webhooks of so many orders there, as if no worker had been at work for a while.
    func keep(_ count: Int, at now: Timestamp, in database: Database) throws {
        for first in stride(from: 0, to: count, by: 1000) {
            try database.write { tx in
                for row in first..<min(first + 1000, count) { try store(row, at: now, in: tx) }
            }
        }
    }

    private func store(_ row: Int, at now: Timestamp, in tx: any WriteTransaction) throws {
        _ = try DeliveriesTable.store(
            endpoint: "woocommerce", topic: "order.updated", headers: [("X-WC-Webhook-Topic", "order.updated")],
            body: before + Array(String(row).utf8) + after, lane: "order:\(row)", at: now, in: tx)
    }
}
