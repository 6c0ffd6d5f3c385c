import Synchronization

/// The number of a row in any of our tables, written as a decimal string wherever the outside sees it.
///
/// Ids are made by the program, not by the database: 41 bits of milliseconds since 2025, 12 bits drawn when the
/// process starts, 10 bits of sequence. So they sort by age, a write closure that is run twice plans the same
/// rows, and both engines (and a distributed one) take them alike.
package struct ID: Sendable, Hashable, Comparable, CustomStringConvertible {
    package let number: Int64

    package init(_ number: Int64) { self.number = number }

    /// Nil unless `text` is a positive decimal number without sign or leading zero.
    package init?(_ text: String) {
        guard let number = Int64(text), number > 0, String(number) == text else { return nil }
        self.number = number
    }

    package var description: String { String(number) }
    package static func < (a: ID, b: ID) -> Bool { a.number < b.number }

    /// A new id, larger than every id made before by this process.
    package static func make(at now: Timestamp) -> ID { generator.next(at: now) }

    /// What every id made at `time` or later is not below: bounds a stretch of time in a table whose ids are times.
    /// Any time will do: before 2025 it is the first id of all, after 2094 one above them all.
    package static func first(at time: Timestamp) -> ID {
        let since = time.milliseconds.subtractingReportingOverflow(epoch.milliseconds)
        return ID(min(max(0, since.overflow ? 0 : since.partialValue), (1 << 41) - 1) << 22)
    }

    private static let epoch = Timestamp(milliseconds: 1_735_689_600_000)
    private static let generator = Generator()

    /// Makes ids that rise, whatever the clock does.
    final class Generator: Sendable {
        /// In each millisecond the sequence begins anywhere below this, so that two processes that drew the same bits
        /// seldom meet; what is above is left for those that follow. When it runs out, the next millisecond is begun.
        static let starts: Int64 = 896

        private let node: Int64
        /// Milliseconds and sequence as one rising number; guarded by the mutex.
        private let last = Mutex<Int64>(0)

        /// - Parameter node: 12 bits.
        init(node: Int64 = .random(in: 0..<4096)) { self.node = node }

        func next(at now: Timestamp) -> ID {
            let earliest = max(0, (now - ID.epoch).milliseconds) << 10
            let step = last.withLock { last in
                last = max(last + 1, earliest)
                // The first of its millisecond.
                if last & 1023 == 0 { last += Int64.random(in: 0..<Self.starts) }
                return last
            }
            return ID((step >> 10) << 22 | node << 10 | step & 1023)
        }
    }
}
