/// A static file, ready to be sent in the smallest form that a browser takes.
package struct Asset: Sendable, Hashable {
    /// Where it stands below the folder: `css/app.css`.
    package let name: String
    /// Where it is served: `/assets/css/app.3f2a910c.css`. The fingerprint makes it safe to keep for ever.
    package let path: String
    package let contentType: String
    /// A fingerprint of the bytes: 16 hexadecimal digits.
    package let hash: String
    package let bytes: [UInt8]
    /// Nil where it would not be smaller.
    package let gzip: [UInt8]?
    package let brotli: [UInt8]?

    init(name: String, bytes: [UInt8]) {
        let hash = Fingerprint.hexadecimal(of: bytes)
        let type = MediaType.ofFile(named: name)
        self.name = name
        self.hash = hash
        self.bytes = bytes
        path = "/assets/" + Self.named(name, with: hash.prefix(8))
        contentType = type.header
        gzip = type.isCompressible ? Compression.gzip(bytes) : nil
        brotli = type.isCompressible ? Compression.brotli(bytes) : nil
    }

    private static func named(_ name: String, with fingerprint: Substring) -> String {
        let file = name.lastIndex(of: "/").map { name.index(after: $0) } ?? name.startIndex
        guard let dot = name[file...].lastIndex(of: "."), dot > file else { return "\(name).\(fingerprint)" }
        return "\(name[..<dot]).\(fingerprint)\(name[dot...])"
    }
}

/// FNV-1a over 64 bits: enough to tell versions of our own files apart, no defence against anyone.
enum Fingerprint {
    static func hexadecimal(of bytes: [UInt8]) -> String {
        let hash = bytes.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
