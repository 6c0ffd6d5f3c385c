/// The bytes of a rendering as they come, in room that is kept ready for them.
///
/// Room is made once in a while and never for a single tag; see `OutputSize`.
struct Output {
    private var room: [UInt8]
    private(set) var count = 0

    init(expecting size: Int = 256) { room = Array(repeating: 0, count: size) }

    /// What was written.
    consuming func bytes() -> [UInt8] {
        room.removeLast(room.count - count)
        return room
    }

    @inline(__always)
    mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard let source = bytes.baseAddress else { return }
        let start = count
        makeRoom(for: bytes.count)
        room.withUnsafeMutableBufferPointer { room in
            guard let target = room.baseAddress else { return }
            (target + start).update(from: source, count: bytes.count)
        }
        count = start + bytes.count
    }

    mutating func append(_ byte: UInt8) {
        makeRoom(for: 1)
        room[count] = byte
        count += 1
    }

    mutating func append(_ text: StaticString) { text.withUTF8Buffer { append($0) } }

    mutating func append(_ text: String) {
        if text.utf8.withContiguousStorageIfAvailable({ append($0) }) == nil {
            for byte in text.utf8 { append(byte) }
        }
    }

    /// Decimal digits, with a sign before negative ones.
    mutating func append(_ number: Int64) {
        if number < 0 { append(UInt8(ascii: "-")) }
        var rest = number.magnitude
        var length = 1
        while rest >= 10 {
            rest /= 10
            length += 1
        }
        makeRoom(for: length)
        rest = number.magnitude
        for place in stride(from: count + length - 1, through: count, by: -1) {
            room[place] = UInt8(48 + rest % 10)
            rest /= 10
        }
        count += length
    }

    @inline(__always)
    private mutating func makeRoom(for more: Int) {
        if count + more > room.count { grow(to: count + more) }
    }

    @inline(never)
    private mutating func grow(to needed: Int) {
        room.reserveCapacity(max(needed, room.count * 2))
        room.append(contentsOf: repeatElement(0, count: room.capacity - room.count))
    }
}
