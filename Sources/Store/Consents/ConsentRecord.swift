package import Core
package import Domain

/// A consent row as it stands on record. Nothing in it ever changes but `contactID`, which is only a pointer.
package struct ConsentRecord: Sendable, Equatable {
    package enum Kind: String, Sendable {
        case grant, withdraw
        /// A detail of an earlier row was made less exact; this row holds what is left of it.
        case shorten
        /// A detail of an earlier row was erased.
        case erase
    }

    package var id: ID
    package var contactID: ID?
    package var kind: Kind
    package var purpose: Purpose
    /// When the person decided.
    package var at: Timestamp
    /// When we wrote it down.
    package var recordedAt: Timestamp
    package var source: String
    package var actor: String?
    package var wordingVersion: String?
    package var wordingLanguage: String?
    /// The earlier row that a `shorten` or `erase` speaks of, and its detail.
    package var about: ID?
    package var aboutDetail: ConsentDetail?
    /// SHA-256 over salt and detail: what proves a detail while it is kept, and nothing once it is erased.
    package var hashes: [ConsentDetail: [UInt8]]
    package var keyID: String
    package var digest: [UInt8]
}

/// What a person left behind when deciding: kept beside the row with a salt of its own, and erased from there.
package enum ConsentDetail: String, Sendable, CaseIterable {
    case phone, bsuid, wording, page, address, agent, reason
}

extension ConsentRecord {
    /// Every fact of the row but the pointer, in one order for all times, for `ConsentDigest`.
    var fields: [[UInt8]?] {
        func text(_ text: String?) -> [UInt8]? { text.map { Array($0.utf8) } }
        var fields = [
            text(keyID), text(id.description), text(kind.rawValue), text(purpose.rawValue),
            text(String(at.milliseconds)), text(String(recordedAt.milliseconds)), text(source), text(actor),
            text(wordingVersion), text(wordingLanguage), text(about?.description), text(aboutDetail?.rawValue),
        ]
        for detail in Self.detailOrder { fields.append(hashes[detail]) }
        return fields
    }

    /// Part of the digest's format: a new detail goes to the end.
    private static let detailOrder: [ConsentDetail] = [.phone, .bsuid, .wording, .page, .address, .agent, .reason]
}
