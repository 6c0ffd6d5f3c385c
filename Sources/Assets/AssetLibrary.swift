/// Every file below `Public`, read and compressed once at the start.
///
/// A file is served under a name that holds a fingerprint of its content, so browsers keep it for ever and a new
/// release is seen at once. Stylesheets name other files by those names too, which is why they come after what they
/// refer to.
package struct AssetLibrary: Sendable {
    /// Sorted by name.
    package let all: [Asset]
    private let byName: [String: Asset]

    /// Reads the folder. Throws when a file cannot be read, or a stylesheet names a file that does not exist.
    package static func load(_ folder: String) throws(AssetError) -> AssetLibrary {
        var building = Building(folder: folder, files: try FileTree.read(folder))
        return AssetLibrary(try building.assets())
    }

    private init(_ assets: [String: Asset]) {
        byName = assets
        all = assets.values.sorted { $0.name < $1.name }
    }

    /// The file of that name below the folder: `css/app.css`.
    package func asset(_ name: String) -> Asset? { byName[name] }

    /// Where the file is served; nil when there is none, which a template's compiler reports with its place.
    package func url(_ name: String) -> String? { byName[name]?.path }

    /// The assets made so far, and the files still to do.
    private struct Building {
        let folder: String
        let files: [String: [UInt8]]
        private var made: [String: Asset] = [:]
        /// The stylesheets that lead to the one in hand, to find those that include each other.
        private var trail: [String] = []

        init(folder: String, files: [String: [UInt8]]) {
            self.folder = folder
            self.files = files
        }

        mutating func assets() throws(AssetError) -> [String: Asset] {
            for name in files.keys.sorted() { _ = try asset(name) }
            return made
        }

        private mutating func asset(_ name: String) throws(AssetError) -> Asset? {
            if let asset = made[name] { return asset }
            guard let bytes = files[name] else { return nil }
            let final = name.hasSuffix(".css") ? try stylesheet(name, bytes) : bytes
            let asset = Asset(name: name, bytes: final)
            made[name] = asset
            return asset
        }

        private mutating func stylesheet(_ name: String, _ bytes: [UInt8]) throws(AssetError) -> [UInt8] {
            guard !trail.contains(name) else {
                throw AssetError(file: "\(folder)/\(name)", message: "includes itself by way of others")
            }
            trail.append(name)
            defer { trail.removeLast() }
            let sheet = Stylesheet(bytes)
            var paths: [Int: String] = [:]
            for reference in sheet.references {
                guard let (target, rest) = Self.local(reference.target, from: name) else { continue }
                guard let asset = try asset(target) else {
                    throw AssetError(
                        file: "\(folder)/\(name)", line: reference.line, message: "there is no \(target)")
                }
                paths[reference.range.lowerBound] = asset.path + rest
            }
            return sheet.rewritten { paths[$0.range.lowerBound] }
        }

        /// The file that a relative reference means, and its query or fragment; nil for one that leads elsewhere.
        private static func local(_ reference: String, from name: String) -> (name: String, rest: Substring)? {
            let end = reference.firstIndex { $0 == "?" || $0 == "#" } ?? reference.endIndex
            let path = reference[..<end]
            guard !path.isEmpty, !path.hasPrefix("/"), !path.contains(":") else { return nil }
            var parts = name.split(separator: "/").dropLast()
            for part in path.split(separator: "/") where part != "." {
                if part == ".." { _ = parts.popLast() } else { parts.append(part) }
            }
            return (parts.joined(separator: "/"), reference[end...])
        }
    }
}
