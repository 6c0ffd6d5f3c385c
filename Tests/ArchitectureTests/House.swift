/// Who may import whom: the table that SwiftPM does not hold, because transitive imports compile.
enum House {
    /// From the lowest to the highest. A target may import every layer below its own.
    static let layers: [Set<String>] = [
        ["Core"],
        ["SQL"],
        ["Text", "Crypto", "Database", "HTTP", "Templating", "Localization", "Assets", "Archive"],
        ["Domain"],
        ["PluginKit", "Store"],
        ["Messaging"],
        ["App"],
        ["cartwright"],
    ]

    /// The imports allowed between neighbours of one layer.
    static let neighbours: [String: Set<String>] = ["Templating": ["Localization"], "HTTP": ["Crypto"]]

    /// Each door to C and C++, and the one target that opens it.
    static let doors = [
        "CDatabase": "Database", "CCrypto": "Crypto", "CNet": "HTTP", "CText": "Text", "CLocale": "Localization",
        "CFiles": "Assets", "CArchive": "Archive",
    ]

    /// All that a plugin may see of the house.
    static let plugins: Set<String> = [
        "PluginKit", "Domain", "Core", "SQL", "Text", "Crypto", "HTTP", "Templating", "Localization",
    ]

    /// What comes with the toolchain and every target may use. Full Foundation is not among it: 24 MB and a slow start.
    static let toolchain: Set<String> = ["Swift", "Glibc", "Synchronization", "FoundationEssentials"]

    /// The target that a path below `Sources` belongs to, or nil when the house has no such target.
    static func target(ofPath path: String) -> Target? {
        let parts = path.split(separator: "/").map(String.init)
        guard parts.count > 2, parts[0] == "Sources" else { return nil }
        if parts[1] == "Plugins" { return parts.count > 3 ? .plugin(parts[2]) : nil }
        if doors[parts[1]] != nil { return .door(parts[1]) }
        return layers.contains { $0.contains(parts[1]) } ? .layered(parts[1]) : nil
    }

    enum Target: Equatable {
        case layered(String)
        case plugin(String)
        case door(String)

        /// Whether a file of this target may import `module`.
        func mayImport(_ module: String) -> Bool {
            if House.toolchain.contains(module) { return true }
            switch self {
            case .door: return false
            case .plugin: return House.plugins.contains(module)
            case .layered(let name):
                if let importer = House.doors[module] { return importer == name }
                if House.neighbours[name, default: []].contains(module) { return true }
                guard let own = House.layer(of: name) else { return false }
                if let other = House.layer(of: module) { return other < own }
                // What stands in no layer is a plugin: only the program itself lists them.
                return name == "cartwright"
            }
        }
    }

    private static func layer(of name: String) -> Int? { layers.firstIndex { $0.contains(name) } }
}
