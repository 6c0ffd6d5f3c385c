package import SQL

/// A table as a copy of it needs to know it, said the same way for both engines.
package struct TableShape: Sendable, Equatable {
    package struct Column: Sendable, Equatable {
        package let name: String
        package let kind: SQLValue.Kind
        package let isNullable: Bool

        package init(name: String, kind: SQLValue.Kind, isNullable: Bool) {
            self.name = name
            self.kind = kind
            self.isNullable = isNullable
        }
    }

    package let name: String
    /// In the order in which the table has them.
    package let columns: [Column]
    /// The columns of the primary key, in its order.
    package let key: [String]
    /// The other tables that its rows refer to.
    package let references: Set<String>
    /// Columns that name another row of the same table. That row may come later, so they are filled in a second pass
    /// (`TableRows.link`).
    package let selfReferences: [String]

    package init(
        name: String, columns: [Column], key: [String], references: Set<String> = [], selfReferences: [String] = []
    ) {
        self.name = name
        self.columns = columns
        self.key = key
        self.references = references
        self.selfReferences = selfReferences
    }

    /// The values of a row that is read or written with `columns`, by which it is told from all others.
    package func key(of row: Row) -> [SQLValue] {
        key.compactMap { name in columns.firstIndex { $0.name == name }.map { row.values[$0] } }
    }

    func place(of column: String) -> Int? { columns.firstIndex { $0.name == column } }
}

extension [TableShape] {
    /// Parents before children, and by name where neither refers to the other.
    /// - Throws: when tables refer to each other in a circle: no order would do.
    func parentsFirst() throws(DatabaseError) -> [TableShape] {
        var waiting = sorted { $0.name < $1.name }
        var ordered: [TableShape] = []
        var placed: Set<String> = []
        while !waiting.isEmpty {
            let ready = waiting.filter { $0.references.isSubset(of: placed) }
            guard !ready.isEmpty else {
                let names = waiting.map(\.name).joined(separator: ", ")
                throw DatabaseError(kind: .schema, message: "tables refer to each other in a circle: \(names)")
            }
            ordered += ready
            placed.formUnion(ready.map(\.name))
            waiting.removeAll { placed.contains($0.name) }
        }
        return ordered
    }
}
