import CFiles
import Testing

@testable import Assets

@Suite struct `An asset library` {
    private static func load(_ files: [String: String]) throws -> AssetLibrary {
        let folder = try Folder(files)
        return try withExtendedLifetime(folder) { try AssetLibrary.load(folder.path) }
    }

    @Test func `serves files under names that change with their content`() throws {
        let first = try Self.load(["css/app.css": "a{}", "LICENSE": "x"])
        let second = try Self.load(["css/app.css": "b{}", "LICENSE": "x"])
        let path = try #require(first.url("css/app.css"))
        #expect(path.wholeMatch(of: /\/assets\/css\/app\.[0-9a-f]{8}\.css/) != nil)
        #expect(path != second.url("css/app.css"))
        #expect(first.url("LICENSE") == second.url("LICENSE"))
        #expect(first.url("LICENSE")?.hasPrefix("/assets/LICENSE.") == true)
        #expect(first.url("css/none.css") == nil)
        #expect(first.all.map(\.name) == ["LICENSE", "css/app.css"])
    }

    @Test(arguments: [
        ("a.css", "text/css; charset=utf-8"), ("a.JS", "text/javascript; charset=utf-8"),
        ("a.svg", "image/svg+xml; charset=utf-8"), ("a.woff2", "font/woff2"), ("a.b/c", "application/octet-stream"),
    ])
    func `knows media types by the name`(name: String, type: String) {
        #expect(MediaType.ofFile(named: name).header == type)
    }

    @Test func `compresses text where that is smaller, and nothing else`() throws {
        let folder = try Folder(["a.css": String(repeating: "a { color: red }\n", count: 100), "tiny.js": "1"])
        try folder.write("a.png", Array(repeating: 7, count: 4000))
        let assets = try AssetLibrary.load(folder.path)
        let sheet = try #require(assets.asset("a.css"))
        let gzip = try #require(sheet.gzip)
        let brotli = try #require(sheet.brotli)
        #expect(brotli.count < gzip.count && gzip.count < sheet.bytes.count)
        #expect(unpacked(gzip, cf_gunzip) == sheet.bytes)
        #expect(unpacked(brotli, cf_unbrotli) == sheet.bytes)
        #expect(assets.asset("tiny.js")?.gzip == nil && assets.asset("tiny.js")?.brotli == nil)
        #expect(assets.asset("a.png")?.gzip == nil && assets.asset("a.png")?.brotli == nil)
    }

    private func unpacked(
        _ bytes: [UInt8], _ codec: (UnsafePointer<UInt8>?, Int, UnsafeMutablePointer<UInt8>?, Int) -> Int
    ) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: 100_000) { room, count in
            count = codec(bytes, bytes.count, room.baseAddress, room.count)
        }
    }

    @Test func `points stylesheets to the fingerprinted names`() throws {
        let assets = try Self.load([
            "css/app.css": """
            /* url(comment.png) and "a quote */
            @import "parts.css";
            a { background: URL( '../img/a.svg#part' ) } b { content: "url(no.png) \\" it's" }
            c { background: url(data:image/png;base64,AA) url(https://example.com/x) url(/y) url(#z) url( ../img/a.svg ) }
            """,
            "css/parts.css": "p{}",
            "img/a.svg": "<svg/>",
        ])
        let image = try #require(assets.url("img/a.svg"))
        let parts = try #require(assets.url("css/parts.css"))
        let text = String(decoding: try #require(assets.asset("css/app.css")).bytes, as: UTF8.self)
        #expect(
            text == """
                /* url(comment.png) and "a quote */
                @import "\(parts)";
                a { background: URL( '\(image)#part' ) } b { content: "url(no.png) \\" it's" }
                c { background: url(data:image/png;base64,AA) url(https://example.com/x) url(/y) url(#z) url( \(image) ) }
                """)
    }

    @Test func `gives a stylesheet a new name when what it names changes`() throws {
        let sheet = "a { background: url(a.svg) }"
        let first = try Self.load(["a.css": sheet, "a.svg": "<svg/>"])
        let second = try Self.load(["a.css": sheet, "a.svg": "<svg></svg>"])
        #expect(first.url("a.css") != second.url("a.css"))
    }

    @Test func `names file and line of a reference to nothing`() throws {
        let folder = try Folder(["a.css": "a{}\n/*\n*/ b { background: url(\"none.png\") }"])
        let error = #expect(throws: AssetError.self) { try AssetLibrary.load(folder.path) }
        #expect(error?.description == "\(folder.path)/a.css:3: there is no none.png")
    }

    @Test func `refuses stylesheets that include each other`() throws {
        let folder = try Folder(["a.css": "@import 'b.css';", "b.css": "@import 'a.css';"])
        #expect(throws: AssetError.self) { try AssetLibrary.load(folder.path) }
        #expect(throws: AssetError.self) { try AssetLibrary.load("no/such/folder") }
    }

    @Test func `reads the files that are shipped`() throws {
        let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        #expect(try AssetLibrary.load("/\(root)/Public").url("css/base.css") != nil)
    }

    @Test func `keeps hidden files to itself`() throws {
        #expect(try Self.load([".secret": "x", "a.txt": "y"]).all.map(\.name) == ["a.txt"])
    }
}

@Suite struct `A media type detector` {
    @Test(
        arguments: [
            ([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, 73, 72, 68, 82], "image/png"),
            (Array("%PDF-1.7\n".utf8), "application/pdf"), (Array("<html><script>".utf8), "text/html"),
            ([], "application/octet-stream"),
            ([0xFF, 0xD8, 0xFF, 0xE0, 0, 0x10, 0x4A, 0x46, 0x49, 0x46], "image/jpeg"),
        ] as [([UInt8], String)])
    func `goes by the content`(bytes: [UInt8], type: String) throws {
        #expect(try MediaTypeDetector().type(of: bytes) == type)
    }
}
