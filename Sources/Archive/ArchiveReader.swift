import CArchive
import Glibc

/// Reads a ZIP file entry by entry, in the order of its bytes, with flat memory.
///
/// Nothing of it is trusted: names are checked (`EntryName`), each stands once, and an entry gives no more bytes than
/// its reader allows, whatever it claims.
package struct ArchiveReader: ~Copyable {
    private static let mostEntries = 200_000
    private static let pieceSize = 256 * 1024

    private let file: Int32
    private let handle: OpaquePointer
    private let path: String
    private var seen: Set<String> = []
    private var current = ""
    private var buffer = [UInt8](repeating: 0, count: Self.pieceSize)

    package init(path: String) throws(ArchiveError) {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else {
            throw ArchiveError(.file, "\(path) cannot be opened: \(String(cString: strerror(errno)))")
        }
        var message = [CChar](repeating: 0, count: 200)
        guard let handle = carchive_reader(file, &message, message.count) else {
            defer { close(file) }
            let reason = String(decoding: message.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
            throw ArchiveError(.damaged, "\(path) \(Self.verdict(on: file) ?? "cannot be read: \(reason)")")
        }
        self.file = file
        self.handle = handle
        self.path = path
    }

    deinit {
        carchive_free(handle)
        close(file)
    }

    /// The name of the next entry; nil after the last. What was not read of the former is passed over, unchecked.
    package mutating func next() throws(ArchiveError) -> String? {
        var name: UnsafePointer<CChar>?
        var (isFile, isEncrypted) = (false, false)
        switch carchive_next(handle, &name, &isFile, &isEncrypted) {
        case 0: return nil
        case 1: break
        default: throw damaged("its directory cannot be read")
        }
        guard let name, isFile, !isEncrypted, let text = String(validatingCString: name), EntryName.isSafe(text) else {
            let shown = name.map { String(cString: $0) } ?? "without a name"
            throw ArchiveError(.unsafeEntry, "\(path) holds an entry that no backup has: \(shown)")
        }
        guard seen.insert(text).inserted else {
            throw ArchiveError(.unsafeEntry, "\(path) holds \(text) twice")
        }
        guard seen.count <= Self.mostEntries else {
            throw ArchiveError(.tooLarge, "\(path) holds more than \(Self.mostEntries) entries")
        }
        current = text
        return text
    }

    /// Hands the entry's bytes on piece by piece, and throws unless they are as they were written.
    /// - Parameter limit: bytes; an entry with more is refused before they are handed on.
    package mutating func read(atMost limit: Int, _ body: ([UInt8]) throws -> Void) throws {
        var total = 0
        while let piece = try nextPiece() {
            total += piece.count
            guard total <= limit else {
                throw ArchiveError(.tooLarge, "\(path): \(current) holds more than the \(limit) bytes that it may")
            }
            try body(piece)
        }
    }

    /// The whole of a small entry.
    package mutating func contents(atMost limit: Int) throws -> [UInt8] {
        var all: [UInt8] = []
        try read(atMost: limit) { all += $0 }
        return all
    }

    /// Why a file is no archive; nil when nothing is seen of it. The directory of a ZIP file stands at its end, so one
    /// that was not fetched whole has none.
    private static func verdict(on file: Int32) -> String? {
        var start = [UInt8](repeating: 0, count: 4)
        let count = pread(file, &start, start.count, 0)
        if count == 0 { return "is empty: fetch it again" }
        guard count == start.count else { return "is not a ZIP file" }
        return start == Array("PK\u{3}\u{4}".utf8)
            ? "is cut short, its end cannot be read: fetch it again" : "is not a ZIP file"
    }

    private mutating func nextPiece() throws(ArchiveError) -> [UInt8]? {
        let count = carchive_read(handle, &buffer, buffer.count)
        guard count >= 0 else { throw damaged("\(current) cannot be read") }
        return count == 0 ? nil : Array(buffer.prefix(Int(count)))
    }

    private func damaged(_ what: String) -> ArchiveError {
        let reason = carchive_error(handle).map { ": " + String(cString: $0) } ?? ""
        return ArchiveError(.damaged, "\(path) is damaged, \(what)\(reason)")
    }
}
