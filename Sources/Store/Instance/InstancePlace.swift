import SQL

/// Where an installation stands, as far as it can be told: what would be another in a copy
/// (docs/decisions/0008-instance-mark.md). An unknown fact is left out and decides nothing.
package struct InstancePlace: Sendable, Equatable {
    package enum Fact: String, Sendable, CaseIterable {
        case engine
        /// What the operator calls it (`--instance`); on SQLite else the machine, as a hash of its id or name.
        case name
        /// The machine's name, for people alone.
        case machine
        /// SQLite: the real path of the database's file.
        case path
        /// SQLite: when this very file was made on its disk, in nanoseconds. A rename keeps it, a copy gets another.
        case born
        /// PostgreSQL: the cluster's own number, where it may be read.
        case system
        /// PostgreSQL: the database's name and number, and the number of the table of this row.
        case database, databaseNumber, tableNumber
        /// The site's public address; of a loopback address none is kept.
        case address
    }

    private var facts: [Fact: String]

    package init(_ facts: [Fact: String] = [:]) { self.facts = facts }

    package subscript(fact: Fact) -> String? {
        get { facts[fact] }
        set { facts[fact] = newValue }
    }

    init(stored text: String) {
        facts = Dictionary(
            TextMap.read(text).compactMap { entry in Fact(rawValue: entry.key).map { ($0, entry.value) } },
            uniquingKeysWith: { $1 })
    }

    var stored: String {
        TextMap.write(Dictionary(facts.map { ($0.key.rawValue, $0.value) }, uniquingKeysWith: { $1 }))
    }

    /// Whether both know the fact, and it is not the same.
    func contradicts(_ other: InstancePlace, _ fact: Fact) -> Bool {
        guard let here = self[fact], let there = other[fact] else { return false }
        return here != there
    }
}
