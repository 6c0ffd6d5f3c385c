import Core
import Database
import Glibc
import SQL
import Store

/// Rows as the program stores webhooks, each with a body of its own.
struct Webhooks {
    /// Of the ranges reserved for fiction: `+1 … 555 01..` of these areas, a thousand customers in all.
    private static let areas = [202, 212, 213, 312, 415, 503, 617, 702, 713, 808]

    private enum Piece {
        case text([UInt8])
        case number
        case phone
    }

    private let pieces: [Piece]

    /// - Parameter file: a body with `@NUMBER@` where its number goes, and `@PHONE@` where its customer's phone does.
    init(file: String) throws {
        guard let handle = fopen(file, "rb") else { throw Bench.Usage() }
        defer { fclose(handle) }
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        bytes.removeLast(bytes.count - fread(&bytes, 1, bytes.count, handle))
        pieces = String(decoding: bytes, as: UTF8.self).split(separator: "@").map { piece in
            switch piece {
            case "NUMBER": .number
            case "PHONE": .phone
            default: .text(Array(piece.utf8))
            }
        }
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
            body: body(row), lane: "order:\(row)", at: now, in: tx)
    }

    private func body(_ row: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        for piece in pieces {
            switch piece {
            case .text(let text): bytes += text
            case .number: bytes += Array(String(row).utf8)
            case .phone: bytes += Array("+1\(Self.areas[row / 100 % 10])55501\(row / 10 % 10)\(row % 10)".utf8)
            }
        }
        return bytes
    }
}
