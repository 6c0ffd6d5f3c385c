package import Core

/// Whose database this is: the installation's own mark, where it stood when that was last certain, and whether it is
/// held.
package struct Instance: Sendable, Equatable {
    /// Random, another after each confirmation.
    package var mark: String
    /// Where it is at home; nil until a server has started after the last confirmation.
    package var place: InstancePlace?
    /// Where it was found when it was held, if a server has started since.
    package var found: InstancePlace?
    /// Nil for one that marked itself.
    package var confirmedAt: Timestamp?
    package var confirmedBy: String?
    package var hold: InstanceHold?
}

/// Nothing leaves until the owner has said that this is the live installation.
package struct InstanceHold: Sendable, Equatable {
    package enum Kind: Sendable, Equatable {
        /// The database stands elsewhere than it did.
        case copied
        /// It was read back from a backup.
        case restored
        /// Everything in it was taken to another database, which goes on in its place.
        case moved(to: String)
        /// It was started under another name or address.
        case notConfirmed
    }

    package var kind: Kind
    /// What was different; nil where that is not why.
    package var difference: InstanceSight.Difference?
    package var since: Timestamp
    package var word = Word.none

    /// The owner's word on it.
    package enum Word: Int, Sendable {
        case none
        /// This is a copy: it stays held, and nobody needs to be reminded.
        case copy
        /// The same, and its messages go to the sandbox phone meanwhile, whatever channel is chosen.
        case sandboxedCopy
    }

    package var isKept: Bool { word != .none }
    package var isMoved: Bool { if case .moved = kind { true } else { false } }

    package init(kind: Kind, difference: InstanceSight.Difference? = nil, since: Timestamp) {
        self.kind = kind
        self.difference = difference
        self.since = since
    }
}
