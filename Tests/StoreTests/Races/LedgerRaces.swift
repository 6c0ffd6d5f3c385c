import Core
import Domain
import SQL
import Store

/// The arrows of the ledger, taken by two at once.
enum LedgerRaces {
    private static func draft(_ key: String, to contact: ID, delay: Timestamp.Span = .zero) -> MessageDraft {
        MessageDraft(
            intentKey: key, purpose: .orders, contactID: contact, content: MessageContent(text: "Hello"),
            source: MessageSource(kind: .api), delay: delay, requiredOrderStatus: nil)
    }

    private static func ana(in tx: any WriteTransaction) throws -> ID {
        try ContactsTable.reach(
            PersonKey(phone: "+12025550101"), details: ContactDetails(firstName: "Ana"), weight: .fillsGaps,
            at: Host.now,
            in: tx
        ).id
    }

    private static func new(_ key: String, to contact: ID, delay: Timestamp.Span = .zero) -> MessagesTable.New {
        MessagesTable.New(draft(key, to: contact, delay: delay), id: ID.make(at: Host.now), channel: "test")
    }

    /// One row for each round, due one after another.
    private static func plan(_ host: Host, _ rounds: Int, in tx: any WriteTransaction) throws {
        let ana = try ana(in: tx)
        let drafts = (0..<rounds).map { new("key-\($0)", to: ana, delay: .seconds(Int64($0))) }
        _ = try MessagesTable.plan(drafts, at: Host.now, in: tx)
    }

    private static let token = ID(5)
    private static let lease = Lease(name: "dispatch:1", owner: "node", epoch: 1, until: Host.now)

    private static func claimAll(_ host: Host, _ rounds: Int, in tx: any WriteTransaction) throws {
        try planUnderLease(host, rounds, in: tx)
        _ = try LedgerMoves.claim(
            limit: rounds, channel: "test", token: token, under: lease, for: .hours(1), at: Host.now + .days(1), in: tx)
    }

    private static func planUnderLease(_ host: Host, _ rounds: Int, in tx: any WriteTransaction) throws {
        try plan(host, rounds, in: tx)
        _ = try LeasesTable.acquire(lease.name, owner: lease.owner, for: .hours(1), in: tx)
    }

    private static func handAllOver(_ host: Host, _ rounds: Int, in tx: any WriteTransaction) throws {
        try claimAll(host, rounds, in: tx)
        for round in 0..<rounds { _ = try handOver("key-\(round)", in: tx) }
    }

    private static func row(_ key: String, in tx: any ReadTransaction) throws -> LedgerRow {
        guard let row = try MessagesTable.find(intentKey: key, in: tx) else {
            throw DatabaseError(kind: .misuse, message: "no such row")
        }
        return row
    }

    /// As two who read the row while it was claimed.
    private static func claimed(_ key: String, in tx: any ReadTransaction) throws -> LedgerRow {
        var row = try row(key, in: tx)
        row.claimToken = token
        row.attempts = 0
        return row
    }

    private static func handOver(_ key: String, in tx: any WriteTransaction) throws -> Bool {
        let row = try claimed(key, in: tx)
        return try LedgerMoves.handOver(
            [(row, "+12025550101")], token: token, sendingNumber: "1", lease: lease, answerWithin: .hours(1),
            at: Host.now, in: tx
        ).contains(row.id)
    }

    private static func accept(_ key: String, in tx: any WriteTransaction) throws -> Bool {
        let id = try row(key, in: tx).id
        let answer = LedgerMoves.Acceptance(id, token: token, providerID: key, isHeld: false)
        return try LedgerMoves.accept([answer], at: Host.now, in: tx).contains(id)
    }

    private static func status(_ status: MessageStatus, _ key: String) -> StatusUpdate {
        StatusUpdate(channel: "test", providerID: key, attempt: nil, status: status, at: Host.now, failure: nil)
    }

    static let all: [RaceCase] = [
        RaceCase("an intent key is planned") { turn, tx in
            let planned = try MessagesTable.plan([new(turn.name("key"), to: ana(in: tx))], at: Host.now, in: tx)
            if case .new? = planned.first { return true }
            return false
        } kept: {
            [("SELECT count(*) FROM messages", $0), ("SELECT count(*) FROM trail", $0)]
        },
        RaceCase("a cancelled row is revived") { host, rounds, tx in
            try plan(host, rounds, in: tx)
            try tx.run("UPDATE messages SET status = 'cancelled'")
        } part: { turn, tx in
            let planned = try MessagesTable.plan([new(turn.name("key"), to: ana(in: tx))], at: Host.now, in: tx)
            if case .revived? = planned.first { return true }
            return false
        },
        RaceCase("a message is claimed", isBatch: true, prepare: planUnderLease) { turn, tx in
            try !LedgerMoves.claim(
                limit: 5, channel: "test", token: ID.make(at: Host.now), under: lease, for: .hours(1), at: turn.now,
                in: tx
            ).isEmpty
        },
        RaceCase("a claimed message is handed over", isBatch: true, prepare: claimAll) { turn, tx in
            try handOver(turn.name("key"), in: tx)
        } kept: {
            [("SELECT count(*) FROM attempts", $0)]
        },
        RaceCase("a claimed message is handed over or stopped", isBatch: true, prepare: claimAll) { turn, tx in
            let key = turn.name("key")
            if turn.side == 0 { return try handOver(key, in: tx) }
            let row = try claimed(key, in: tx)
            let verdict = LedgerMoves.Verdict(row, .cancelled, due: row.dueAt, reason: "test")
            return try !LedgerMoves.settle([verdict], token: token, at: Host.now, in: tx).isEmpty
        } kept: { _ in
            [("SELECT count(*) FROM messages WHERE status = 'cancelled' AND attempts > 0", 0)]
        },
        RaceCase("an answer and the end of waiting meet", isBatch: true, prepare: handAllOver) { turn, tx in
            if turn.side == 0 { return try accept(turn.name("key"), in: tx) }
            let row = try row(turn.name("key"), in: tx)
            _ = try LedgerMoves.markUnknown(row.id, token: token, reason: "reason.no_answer", at: Host.now, in: tx)
            return false
        } kept: {
            [("SELECT count(*) FROM messages WHERE status = 'accepted'", $0)]
        },
        RaceCase("an answer and a status meet", isBatch: true, prepare: handAllOver) { turn, tx in
            if turn.side == 0 {
                _ = try accept(turn.name("key"), in: tx)
                return false
            }
            let row = try row(turn.name("key"), in: tx)
            let told = (attempt: AttemptRef(messageID: row.id, number: 1), update: status(.delivered, turn.name("key")))
            return try LedgerMoves.advance([told], at: Host.now, in: tx) == [true]
        } kept: { rounds in
            [
                ("SELECT count(*) FROM messages WHERE status = 'delivered'", rounds),
                ("SELECT count(*) FROM messages WHERE accepted_at IS NOT NULL", rounds),
            ]
        },
        RaceCase("one status that comes twice moves its message", isBatch: true, prepare: handAllOver) { turn, tx in
            let row = try row(turn.name("key"), in: tx)
            let told = (attempt: AttemptRef(messageID: row.id, number: 1), update: status(.read, turn.name("key")))
            return try LedgerMoves.advance([told], at: Host.now, in: tx) == [true]
        },
        RaceCase(
            "an unconfirmed message is sent again",
            prepare: { host, rounds, tx in
                try handAllOver(host, rounds, in: tx)
                try tx.run("UPDATE messages SET status = 'unknown'")
            }
        ) { turn, tx in
            try LedgerMoves.resend(row(turn.name("key"), in: tx).id, at: Host.now, in: tx)
        },
    ]
}
