/// What a table knows of persons, how long, and what erasing one of them does to it. Every table with personal
/// data has one; a test fails for a table that has none.
package struct PersonalData: Sendable, Equatable {
    package enum OnErase: Sendable, Equatable {
        /// The column is emptied, or the row goes.
        case erase
        /// Only a keyed hash stays, so that "do not contact" survives.
        case keepKeyedHash
        /// The row stays as a number in a sum, without the person.
        case aggregate
    }

    package var table: String
    package var columns: [String: OnErase]
    /// The setting that bounds how long rows live (`messages.text_retention`); nil where the law or the ledger
    /// needs them until the person is erased.
    package var retentionSetting: String?

    package init(table: String, columns: [String: OnErase], retentionSetting: String?) {
        self.table = table
        self.columns = columns
        self.retentionSetting = retentionSetting
    }
}
