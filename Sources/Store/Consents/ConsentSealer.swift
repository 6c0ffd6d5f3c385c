import Core
package import SQL

/// Chains consents behind one another, so that none can be taken out or put in later. Appending a consent never
/// waits for it: new rows are noted in `consent_unsealed` and sealed within a second.
package struct ConsentSealer: Sendable {
    let keys: HostKeys

    package init(keys: HostKeys) { self.keys = keys }

    private static let leaseName = "consent.sealer"
    private static let leaseSpan = Timestamp.Span.seconds(8)
    private static let batch = 200

    package enum Step: Sendable, Equatable {
        /// Everything on record is sealed.
        case done
        /// A full batch was sealed: there may be more.
        case more
        /// Another process holds the lease.
        case elsewhere
    }

    /// Whether consents wait for their seal: asked first, so that an idle server writes nothing.
    package func hasWork(in tx: any ReadTransaction) throws -> Bool {
        try tx.first("SELECT 1 FROM consent_unsealed LIMIT 1") != nil
    }

    /// Whether it is this process that seals. Asked at READ COMMITTED before the batch: nodes that all reach for the lease
    /// inside their serializable `step` would only have each other begin again.
    package func holds(owner: String, in tx: any WriteTransaction) throws -> Bool {
        try LeasesTable.acquire(Self.leaseName, owner: owner, for: Self.leaseSpan, in: tx) != nil
    }

    /// Seals one batch. Needs a `write`: the chain's end is read and then built upon.
    package func step(owner: String, in tx: any WriteTransaction) throws -> Step {
        guard try holds(owner: owner, in: tx) else { return .elsewhere }
        let waiting = try tx.rows(
            """
            SELECT c.id, c.digest FROM consent_unsealed u JOIN consents c ON c.id = u.consent_id
            ORDER BY u.consent_id LIMIT \(Self.batch)
            """)
        var head = try ConsentHead.read(in: tx) ?? ConsentHead(seq: 0, seal: [])
        for row in waiting {
            let id = try row.id(0)
            let digest = try row.bytes(1)
            let next = head.seq + 1
            let seal = ConsentDigest.seal(seq: next, consentID: id, digest: digest, previous: head.seal, keys: keys)
            try tx.run(
                """
                INSERT INTO consent_seals (seq, consent_id, digest, previous, seal)
                VALUES (\(next), \(id), \(digest), \(head.seal), \(seal))
                """)
            try tx.run("DELETE FROM consent_unsealed WHERE consent_id = \(id)")
            head = ConsentHead(seq: next, seal: seal)
        }
        return waiting.count == Self.batch ? .more : .done
    }
}

/// The end of the chain of seals. Kept outside the database (log, backups), it shows a tail that was cut off.
package struct ConsentHead: Sendable, Equatable, CustomStringConvertible {
    package var seq: Int64
    package var seal: [UInt8]

    package init(seq: Int64, seal: [UInt8]) {
        self.seq = seq
        self.seal = seal
    }

    /// Reads `<seq>:<seal in hexadecimal>`.
    package init?(_ text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let seq = Int64(parts[0]), seq > 0, let seal = [UInt8](hex: String(parts[1])) else {
            return nil
        }
        self.init(seq: seq, seal: seal)
    }

    package var description: String { "\(seq):\(seal.hex)" }

    /// Nil while nothing is sealed.
    package static func read(in tx: any ReadTransaction) throws -> ConsentHead? {
        try tx.first("SELECT seq, seal FROM consent_seals ORDER BY seq DESC LIMIT 1").map {
            ConsentHead(seq: try $0.integer(0), seal: try $0.bytes(1))
        }
    }
}
