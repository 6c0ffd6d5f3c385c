/// The name of an entry, as this program writes it: a path of plain parts below the archive's root.
///
/// A name decides where a file is written when the archive is unpacked, so whatever might lead elsewhere on any system
/// is refused: absolute paths, `..`, backslashes, drive letters, control characters.
package enum EntryName {
    private static let longest = 512

    package static func isSafe(_ name: String) -> Bool {
        let bytes = name.utf8
        guard (1...longest).contains(bytes.count) else { return false }
        guard bytes.allSatisfy({ $0 >= 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "\\") && $0 != UInt8(ascii: ":") })
        else { return false }
        return name.split(separator: "/", omittingEmptySubsequences: false)
            .allSatisfy { !$0.isEmpty && $0 != "." && $0 != ".." }
    }
}
