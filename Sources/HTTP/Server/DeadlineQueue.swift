/// The connections' deadlines, earliest first: a binary heap.
///
/// A deadline that moves later leaves its old entry, and the loop puts it right when that comes up; so a busy
/// connection costs nothing here.
struct DeadlineQueue {
    struct Entry {
        /// Milliseconds since boot.
        let at: Int64
        let token: ConnectionToken
    }

    private var heap: [Entry] = []

    var earliest: Int64? { heap.first?.at }

    mutating func add(_ entry: Entry) {
        heap.append(entry)
        var child = heap.count - 1
        while child > 0, heap[child].at < heap[(child - 1) / 2].at {
            heap.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    /// The earliest entry if it is due at `now`.
    mutating func pop(dueAt now: Int64) -> Entry? {
        guard let first = heap.first, first.at <= now else { return nil }
        let last = heap.removeLast()
        guard !heap.isEmpty else { return first }
        heap[0] = last
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count && heap[child].at < heap[least].at {
                least = child
            }
            guard least != parent else { return first }
            heap.swapAt(parent, least)
            parent = least
        }
    }
}

/// Names a connection of one loop: its descriptor, and a number that no earlier user of that descriptor had.
struct ConnectionToken: Sendable, Hashable {
    let raw: UInt64

    init(raw: UInt64) { self.raw = raw }
    init(descriptor: Int32, generation: UInt32) { raw = UInt64(generation) << 32 | UInt64(UInt32(descriptor)) }

    var descriptor: Int { Int(raw & 0xffff_ffff) }

    /// Descriptors 0 and 1 with generation 0 are never a connection's: the loop's own two.
    static let listener = ConnectionToken(raw: 0)
    static let mailbox = ConnectionToken(raw: 1)
}
