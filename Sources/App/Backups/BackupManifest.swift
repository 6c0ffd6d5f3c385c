import Core
import Database
import Domain
import SQL
import Store
import Text

/// `manifest.json`, the last entry of a backup: what is in it, so that a restore can tell before it begins whether
/// everything is there, whole, and meant for this program.
struct BackupManifest: Sendable, Equatable {
    /// Raised when an older program could no longer read a backup rightly.
    static let format = 1
    static let entryName = "manifest.json"
    static let keyEntryName = "master.key.sealed"
    static let tablesFolder = "database/"
    static let sizeLimit = 64 << 20

    /// A file of the archive but the manifest itself.
    struct Entry: Sendable, Equatable {
        var name: String
        var bytes: Int
        var sha256: String
    }

    /// A table, whose rows stand in `database/<name>.jsonl`. The hash of that entry is its `TableDigest`.
    struct Table: Sendable, Equatable {
        var name: String
        var rows: Int
        var columns: [TableShape.Column]

        var entryName: String { BackupManifest.tablesFolder + name + ".jsonl" }
    }

    var programVersion: String
    var engine: Engine
    var siteName: String
    var siteAddress: String
    var madeAt: Timestamp
    /// Version by series.
    var migrations: [String: Int]
    var tables: [Table] = []
    var entries: [Entry] = []
    /// Ids of the master keys that were at hand, the sealing one first. At least one of them opens what is sealed.
    var masterKeys: [String]
    /// The end of the chain of consents; nil while nothing is sealed.
    var consentHead: ConsentHead?

    var hasKey: Bool { entries.contains { $0.name == Self.keyEntryName } }
    var rows: Int { tables.reduce(0) { $0 + $1.rows } }
    /// Whether a file below this folder of the data folder is in it.
    func holds(folder: String) -> Bool { entries.contains { $0.name.hasPrefix(folder + "/") } }
    /// Unpacked.
    var bytes: Int { entries.reduce(0) { $0 + $1.bytes } }
}

extension BackupManifest {
    var json: [UInt8] {
        JSONWriter.object { json in
            json.field("format", Self.format)
            json.field("program", "cartwright")
            json.field("version", programVersion)
            json.field("engine", engine.rawValue)
            json.object("site") {
                $0.field("name", siteName)
                $0.field("address", siteAddress)
            }
            json.field("made_at", madeAt)
            json.object("migrations") {
                for (series, version) in migrations.sorted(by: { $0.key < $1.key }) { $0.field(series, version) }
            }
            json.array("master_keys") { for key in masterKeys { $0.value(key) } }
            json.field("has_key", hasKey)
            json.field("consent_head", consentHead?.description)
            json.array("tables") { for table in tables { Self.write(table, to: &$0) } }
            json.array("entries") {
                for entry in entries {
                    $0.object {
                        $0.field("name", entry.name)
                        $0.field("bytes", entry.bytes)
                        $0.field("sha256", entry.sha256)
                    }
                }
            }
        }
    }

    private static func write(_ table: Table, to json: inout JSONWriter) {
        json.object {
            $0.field("name", table.name)
            $0.field("rows", table.rows)
            $0.array("columns") {
                for column in table.columns {
                    $0.object {
                        $0.field("name", column.name)
                        $0.field("kind", column.kind.word)
                        $0.field("nullable", column.isNullable)
                    }
                }
            }
        }
    }

    /// - Throws: `BackupError` for what is no manifest, or that of a newer program.
    init(parsing bytes: [UInt8]) throws {
        do {
            let json = try JSON(parsing: bytes, name: Self.entryName)
            guard json["program"].string == "cartwright", let format = json["format"].int else {
                throw BackupError("this is no backup of this program: its manifest says something else")
            }
            guard format <= Self.format else {
                throw BackupError(
                    "the backup is of format \(format), which a newer program made (\(json["version"].string ?? "?")): "
                        + "this one (\(Version.text)) reads format \(Self.format); restore it with that one or a later one"
                )
            }
            try self.init(json)
        } catch let error as JSONError {
            throw BackupError("the backup's manifest is damaged: \(error)")
        }
    }

    private init(_ json: JSON) throws {
        guard let engine = Engine(rawValue: try json["engine"].expectString()),
            let madeAt = Timestamp(rfc3339: try json["made_at"].expectString())
        else { throw BackupError("the backup's manifest is damaged: engine or time is no such thing") }
        self.init(
            programVersion: try json["version"].expectString(), engine: engine,
            siteName: try json["site"]["name"].expectString(), siteAddress: try json["site"]["address"].expectString(),
            madeAt: madeAt, migrations: [:],
            masterKeys: try json["master_keys"].expectArray().map { key throws(JSONError) in try key.expectString() },
            consentHead: json["consent_head"].string.flatMap { ConsentHead($0) })
        for (series, version) in try json["migrations"].expectObject() { migrations[series] = try version.expectInt() }
        for table in try json["tables"].expectArray() { tables.append(try Self.table(table)) }
        for entry in try json["entries"].expectArray() {
            entries.append(
                Entry(
                    name: try entry["name"].expectString(), bytes: try entry["bytes"].expectInt(),
                    sha256: try entry["sha256"].expectString()))
        }
    }

    private static func table(_ json: JSON) throws -> Table {
        var columns: [TableShape.Column] = []
        for column in try json["columns"].expectArray() {
            guard let kind = SQLValue.Kind(word: try column["kind"].expectString()) else {
                throw BackupError("the backup's manifest is damaged: a column is of no known kind")
            }
            columns.append(
                TableShape.Column(
                    name: try column["name"].expectString(), kind: kind, isNullable: try column["nullable"].expectBool()
                ))
        }
        return Table(name: try json["name"].expectString(), rows: try json["rows"].expectInt(), columns: columns)
    }
}

extension SQLValue.Kind {
    fileprivate static let words: [(kind: SQLValue.Kind, word: String)] = [
        (.integer, "integer"), (.real, "real"), (.text, "text"), (.bytes, "bytes"),
    ]

    fileprivate var word: String { Self.words.first { $0.kind == self }?.word ?? "" }

    fileprivate init?(word: String) {
        guard let entry = Self.words.first(where: { $0.word == word }) else { return nil }
        self = entry.kind
    }
}

/// Why a backup could not be made or must not be restored, in a sentence for whoever asked.
package struct BackupError: Error, Sendable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }
}
