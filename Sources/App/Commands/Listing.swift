import Text

/// A list as commands print it: tab-separated with a header line, or JSON.
struct Listing {
    let columns: [String]
    /// As many values as columns; nil for what is not there.
    let rows: [[String?]]

    var text: [UInt8] {
        let lines = [columns] + rows.map { row in row.map { Self.cell($0 ?? "") } }
        return Array(lines.map { $0.joined(separator: "\t") + "\n" }.joined().utf8)
    }

    /// An array of objects.
    var json: [UInt8] {
        var json = JSONWriter()
        json.array { json in
            for row in rows {
                json.object { json in
                    for (column, value) in zip(columns, row) { json.field(column, value) }
                }
            }
        }
        json.endLine()
        return json.bytes
    }

    /// A value may not look like two, nor like another line.
    private static func cell(_ text: String) -> String {
        String(text.map { $0 == "\t" || $0.isNewline ? " " : $0 })
    }
}
