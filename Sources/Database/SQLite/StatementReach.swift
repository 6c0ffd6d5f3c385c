import CDatabase

/// What a statement may touch; SQLite asks it while it compiles the statement (https://sqlite.org/c3ref/set_authorizer.html).
enum StatementReach: Hashable {
    /// The engine's own statements: BEGIN, COMMIT, SAVEPOINT, PRAGMA.
    case control
    /// A closure's statements: rows, not transactions; with a prefix only the tables whose names begin so.
    case data(prefix: String?)
    /// A migration's statements: also the schema; with a prefix only what begins so.
    case schema(prefix: String?)

    func limited(to prefix: String) -> StatementReach {
        switch self {
        case .control, .data: .data(prefix: prefix)
        case .schema: .schema(prefix: prefix)
        }
    }

    /// - Parameters:
    ///   - first, second: what the action is about, as the table of the authorizer's page lists it.
    func allows(_ action: Int32, _ first: String, _ second: String) -> Bool {
        switch self {
        case .control: return true
        case .data(let prefix): return allowsData(action, first, second, prefix, schema: false)
        case .schema(let prefix): return allowsData(action, first, second, prefix, schema: true)
        }
    }

    private func allowsData(
        _ action: Int32, _ first: String, _ second: String, _ prefix: String?, schema: Bool
    ) -> Bool {
        func mine(_ name: String) -> Bool {
            guard let prefix else { return true }
            return name.hasPrefix(prefix) || (schema && Self.schemaTables.contains(name))
        }
        if Self.declaresVirtualTable(action, first, second) { return true }
        switch action {
        case SQLITE_TRANSACTION, SQLITE_SAVEPOINT, SQLITE_ATTACH, SQLITE_DETACH:
            return false
        case SQLITE_PRAGMA:
            // FTS5 asks `PRAGMA data_version` by itself.
            return first == "data_version" || (prefix == nil && Self.tellingPragmas.contains(first))
        case SQLITE_SELECT, SQLITE_RECURSIVE:
            return true
        case SQLITE_FUNCTION:
            return second != "load_extension"
        case SQLITE_READ:
            return mine(first) || Self.tableFunctions.contains(first)
        case SQLITE_INSERT, SQLITE_UPDATE, SQLITE_DELETE:
            return mine(first)
        case SQLITE_ALTER_TABLE:
            return schema && mine(second)
        case SQLITE_CREATE_INDEX, SQLITE_DROP_INDEX, SQLITE_CREATE_TRIGGER, SQLITE_DROP_TRIGGER:
            // The engine itself makes an index for a primary key, also for those of the search tables.
            return schema && mine(second) && (mine(first) || first.hasPrefix("sqlite_autoindex_"))
        default:
            return schema && mine(first)
        }
    }

    /// Asked when a connection first uses a search table or `json_each`, which then declares its columns. It opens
    /// nothing to a statement: the schema is not writable, CREATE, ALTER and DROP are asked for under names of their
    /// own, and a row number alone tells nothing.
    private static func declaresVirtualTable(_ action: Int32, _ first: String, _ second: String) -> Bool {
        guard first == "sqlite_master" else { return false }
        return action == SQLITE_INSERT || action == SQLITE_UPDATE || (action == SQLITE_READ && second == "ROWID")
    }

    private static let schemaTables: Set<String> = ["sqlite_master", "sqlite_schema", "sqlite_sequence"]
    /// Those that only tell something: for `doctor` and for tests.
    private static let tellingPragmas: Set<String> = [
        "integrity_check", "quick_check", "table_list", "foreign_key_check", "foreign_key_list", "table_info",
        "index_list",
        "index_info", "page_count", "freelist_count",
    ]
    private static let tableFunctions: Set<String> = ["json_each", "json_tree"]
}
