import Testing

@testable import Assets

@Suite struct `A QR code` {
    /// ISO/IEC 18004: a finder pattern in three corners, 7 modules wide, and timing patterns between them.
    @Test func `has its finder and timing patterns`() throws {
        let code = try #require(QRCode("https://example.com/r/abc"))
        let finder = ["1111111", "1000001", "1011101", "1011101", "1011101", "1000001", "1111111"]
        for (left, top) in [(0, 0), (code.width - 7, 0), (0, code.width - 7)] {
            let found = (top..<top + 7).map { row in
                (left..<left + 7).map { code.isDark(column: $0, row: row) ? "1" : "0" }.joined()
            }
            #expect(found == finder)
        }
        for position in 8..<code.width - 8 {
            #expect(code.isDark(column: position, row: 6) == position.isMultiple(of: 2))
            #expect(code.isDark(column: 6, row: position) == position.isMultiple(of: 2))
        }
    }

    @Test(arguments: [(1, 21), (14, 21), (15, 25), (2331, 177)])
    func `grows with its text`(length: Int, width: Int) throws {
        #expect(try #require(QRCode(String(repeating: "a", count: length))).width == width)
    }

    @Test(arguments: [0, 2332]) func `refuses nothing and too much`(length: Int) {
        #expect(QRCode(String(repeating: "a", count: length)) == nil)
    }

    @Test func `draws each dark module once, four modules from the edge`() throws {
        let code = try #require(QRCode("+12025550143"))
        let svg = String(decoding: code.svg, as: UTF8.self)
        var drawn: Set<[Int]> = []
        for run in svg.matches(of: /M(\d+) (\d+)h(\d+)v1h-(\d+)z/) {
            let (x, y, length) = try (#require(Int(run.1)), #require(Int(run.2)), #require(Int(run.3)))
            for column in x..<x + length { #expect(drawn.insert([column - 4, y - 4]).inserted) }
        }
        let dark = (0..<code.width).flatMap { row in
            (0..<code.width).filter { code.isDark(column: $0, row: row) }.map { [$0, row] }
        }
        #expect(drawn == Set(dark))
        #expect(svg.contains("viewBox=\"0 0 \(code.width + 8) \(code.width + 8)\""))
    }
}
