/// The content of a time zone file, RFC 9636, version 2 and later. Only offsets are kept, no names.
struct TZif {
    private(set) var transitions: [Int64] = []
    /// Seconds east of UTC from the transition of the same index on.
    private(set) var offsets: [Int] = []
    private(set) var firstOffset = 0
    private(set) var rule: PosixTimeZone?

    /// Nil when anything is not as the format has it.
    init?(_ bytes: [UInt8]) {
        var reader = Reader(rest: bytes[...])
        // The first block repeats the data with 32-bit times, for readers of before 2006.
        guard let old = Header(&reader), old.version >= UInt8(ascii: "2"), reader.skip(old.size(timeSize: 4)),
            let header = Header(&reader), header.typeCount > 0
        else { return nil }

        for _ in 0..<header.timeCount {
            guard let time = reader.integer(8) else { return nil }
            if let last = transitions.last, time <= last { return nil }
            transitions.append(time)
        }
        guard let kinds = reader.take(header.timeCount) else { return nil }
        var types: [Int] = []
        for _ in 0..<header.typeCount {
            guard let offset = reader.integer(4), abs(offset) < 26 * 3600, reader.skip(2) else { return nil }
            types.append(Int(offset))
        }
        for kind in kinds {
            guard Int(kind) < types.count else { return nil }
            offsets.append(types[Int(kind)])
        }
        firstOffset = types[0]

        let tail = header.nameSize + header.leapCount * 12 + header.standardCount + header.utcCount
        guard reader.skip(tail), reader.take(1)?.first == UInt8(ascii: "\n"),
            let end = reader.rest.firstIndex(of: UInt8(ascii: "\n"))
        else { return nil }
        let footer = reader.rest[..<end]
        guard !footer.isEmpty else { return }
        rule = PosixTimeZone(String(decoding: footer, as: UTF8.self))
        if rule == nil { return nil }
    }

    private struct Header {
        let version: UInt8
        let utcCount: Int
        let standardCount: Int
        let leapCount: Int
        let timeCount: Int
        let typeCount: Int
        let nameSize: Int

        init?(_ reader: inout Reader) {
            guard let magic = reader.take(4), magic.elementsEqual("TZif".utf8), let version = reader.take(1)?.first,
                reader.skip(15)
            else { return nil }
            var counts: [Int] = []
            for _ in 0..<6 {
                guard let count = reader.integer(4), (0...1_000_000).contains(count) else { return nil }
                counts.append(Int(count))
            }
            self.version = version
            utcCount = counts[0]
            standardCount = counts[1]
            leapCount = counts[2]
            timeCount = counts[3]
            typeCount = counts[4]
            nameSize = counts[5]
        }

        /// Bytes of the block behind this header.
        func size(timeSize: Int) -> Int {
            timeCount * (timeSize + 1) + typeCount * 6 + nameSize + leapCount * (timeSize + 4) + standardCount
                + utcCount
        }
    }

    private struct Reader {
        var rest: ArraySlice<UInt8>

        mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
            guard rest.count >= count else { return nil }
            defer { rest = rest.dropFirst(count) }
            return rest.prefix(count)
        }

        mutating func skip(_ count: Int) -> Bool { take(count) != nil }

        /// Big-endian two's complement of 4 or 8 bytes.
        mutating func integer(_ size: Int) -> Int64? {
            guard let bytes = take(size), let first = bytes.first else { return nil }
            return bytes.reduce(first >= 0x80 ? -1 : 0) { $0 << 8 | Int64($1) }
        }
    }
}
