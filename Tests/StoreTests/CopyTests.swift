import Core
import Database
import SQL
import Store
import TestSupport
import Testing
import Text

/// Rows as lines, and whole tables from one engine to the other.
@Suite struct CopyTests {
    private static let columns = [
        TableShape.Column(name: "number", kind: .integer, isNullable: true),
        TableShape.Column(name: "share", kind: .real, isNullable: true),
        TableShape.Column(name: "word", kind: .text, isNullable: true),
        TableShape.Column(name: "body", kind: .bytes, isNullable: true),
    ]

    @Test(
        arguments: [
            (
                [.integer(.min), .real(0.1), .text("a \"b\" \n"), .bytes([0, 255])],
                #"[-9223372036854775808,0.1,"a \"b\" \n",{"base64":"AP8="}]"#
            ),
            ([.integer(.max), .real(1e300), .text(""), .bytes([])], #"[9223372036854775807,1e+300,"",{"base64":""}]"#),
            ([.integer(0), .real(3), .text("null"), .bytes([1])], #"[0,3.0,"null",{"base64":"AQ=="}]"#),
            ([.null(.integer), .null(.real), .null(.text), .null(.bytes)], "[null,null,null,null]"),
        ] as [([SQLValue], String)])
    func `a row is one line and comes back from it`(_ values: [SQLValue], _ line: String) throws {
        let written = try PortableRow.line(values)
        #expect(String(decoding: written, as: UTF8.self) == line)
        #expect(try PortableRow.row(written, columns: Self.columns).values == values)
    }

    @Test(arguments: [
        "[1,0.5,\"a\"]", "{}", "[\"1\",0.5,\"a\",null]", "[1.5,0.5,\"a\",null]", "[1,0.5,2,null]",
        "[1,0.5,\"a\",\"AP8=\"]", "[1,0.5,\"a\",{\"base64\":\"?\"}]", "[9223372036854775808,null,null,null]", "[1,",
    ])
    func `a line that does not fit its columns is refused`(_ line: String) {
        #expect(throws: DatabaseError.self) { try PortableRow.row(Array(line.utf8), columns: Self.columns) }
    }

    @Test func `zero has no sign and what is not a number is refused`() throws {
        #expect(try PortableRow.line([.real(-0.0)]) == Array("[0.0]".utf8))
        #expect(throws: DatabaseError.self) { try PortableRow.line([.real(.nan)]) }
        #expect(throws: DatabaseError.self) { try PortableRow.line([.real(.infinity)]) }
    }

    @Test func `every table of the host has a key to walk along`() throws {
        let test = try TestDatabase(.sqlite, migrating: [HostSchema.series])
        let shapes = try test.database.tables()
        #expect(shapes.filter(\.key.isEmpty).map(\.name) == [])
        #expect(shapes.contains { $0.name == "messages" })
    }

    @Test(.enabled(if: TestDatabase.engines.contains(.postgresql)))
    func `every value of every table goes to PostgreSQL and back unchanged`() throws {
        let first = try TestDatabase(.sqlite, migrating: [HostSchema.series])
        let middle = try TestDatabase(.postgresql, migrating: [HostSchema.series])
        let last = try TestDatabase(.sqlite, migrating: [HostSchema.series])
        let shapes = try first.database.tables()
        #expect(try middle.database.tables() == shapes)
        let edges = try EdgeRows(of: first.database)
        for shape in shapes {
            let rows = edges.rows(of: shape, fixing: Self.obeyRules(of: shape))
            try first.database.load { tx in
                try TableRows.insert(rows, into: shape, in: tx)
                if !shape.selfReferences.isEmpty { try TableRows.link(rows, of: shape, in: tx) }
            }
        }
        try Self.copy(shapes, first.database, middle.database)
        try Self.copy(shapes, middle.database, last.database)
        for shape in shapes {
            let digests = try [first, middle, last].map { test in
                try test.database.snapshot { try TableDigest.of(shape, in: $0) }
            }
            #expect(digests[0].rows == 27)
            #expect(digests[1] == digests[0], "\(shape.name)")
            #expect(digests[2] == digests[0], "\(shape.name)")
        }
    }

    /// A setting is either open or sealed.
    private static func obeyRules(of shape: TableShape) -> (Int, inout [SQLValue]) -> Void {
        guard shape.name == "settings" else { return { _, _ in } }
        return { number, values in
            values[1] = number.isMultiple(of: 2) ? .text("open") : .null(.text)
            values[2] = number.isMultiple(of: 2) ? .null(.bytes) : .bytes([1, 2])
        }
    }

    /// By way of the lines, as an archive does it.
    private static func copy(_ shapes: [TableShape], _ source: Database, _ target: Database) throws {
        try source.snapshot { from in
            for shape in shapes {
                for linked in [false, true] where !linked || !shape.selfReferences.isEmpty {
                    var key: [SQLValue]?
                    while case let rows = try TableRows.page(of: shape, after: key, limit: 20, linked: linked, in: from),
                        let last = rows.last
                    {
                        let lines = try rows.map { try PortableRow.line($0.values) }
                        try target.load { tx in
                            let read = try lines.map { try PortableRow.row($0, columns: shape.columns) }
                            if linked {
                                try TableRows.link(read, of: shape, in: tx)
                            } else {
                                try TableRows.insert(read, into: shape, in: tx)
                            }
                        }
                        key = shape.key(of: last)
                    }
                }
            }
        }
    }
}
