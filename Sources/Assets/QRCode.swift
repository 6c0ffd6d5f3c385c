import CFiles

/// A QR code that a phone's camera reads from a screen or from paper.
package struct QRCode: Sendable, Hashable {
    /// Modules of a side, without the quiet zone.
    package let width: Int
    private let dark: [Bool]

    /// Nil when the text is empty or longer than a symbol holds (2,331 bytes of UTF-8).
    package init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard let code = bytes.withUnsafeBufferPointer({ cf_qr_make($0.baseAddress, $0.count) }) else { return nil }
        defer { cf_qr_free(code) }
        let width = Int(cf_qr_width(code))
        self.width = width
        dark = (0..<width * width).map { cf_qr_is_dark(code, Int32($0 % width), Int32($0 / width)) }
    }

    package func isDark(column: Int, row: Int) -> Bool { dark[row * width + column] }

    /// An SVG file: black on white also in dark mode, since many readers cannot see it inverted, with the quiet zone
    /// of four modules that the standard asks for.
    package var svg: [UInt8] {
        let quiet = 4
        let side = width + 2 * quiet
        var text = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(side) \(side)\""
        text += " shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h\(side)v\(side)H0z\"/><path d=\""
        for row in 0..<width {
            var column = 0
            while column < width {
                let start = column
                while column < width, isDark(column: column, row: row) { column += 1 }
                if column > start {
                    let length = column - start
                    text += "M\(start + quiet) \(row + quiet)h\(length)v1h-\(length)z"
                }
                column += 1
            }
        }
        return Array((text + "\"/></svg>").utf8)
    }
}
