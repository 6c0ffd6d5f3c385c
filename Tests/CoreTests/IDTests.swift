import Testing

@testable import Core

struct IDTests {
    @Test func `the first id of a time lies below every id made then, and rises with the time`() {
        let now = Timestamp(seconds: 1_795_170_498)
        #expect(ID.first(at: now) <= ID.make(at: now))
        #expect(ID.first(at: now).number == 59_480_898_000 << 22)
        #expect(ID.first(at: now) < ID.first(at: now + .milliseconds(1)))
    }

    @Test func `two processes that drew the same bits seldom make the same id`() {
        let (one, other) = (ID.Generator(node: 7), ID.Generator(node: 7))
        var meetings = 0
        for millisecond in 0..<10_000 as Range<Int64> {
            let now = Timestamp(seconds: 1_795_170_498) + .milliseconds(millisecond)
            if one.next(at: now) == other.next(at: now) { meetings += 1 }
        }
        // Eleven are to be expected; fifty in one of 10^16 runs.
        #expect(meetings < 50)
    }

    @Test func `ids rise within a millisecond and beyond its last, and when the clock goes back`() {
        let generator = ID.Generator(node: 4095)
        let now = Timestamp(seconds: 1_795_170_498)
        var ids = (0..<5000).map { _ in generator.next(at: now) }
        #expect(ids[0] >= ID.first(at: now) && ids[127] < ID.first(at: now + .milliseconds(1)))
        ids.append(generator.next(at: now - .seconds(60)))
        ids.append(generator.next(at: now + .seconds(60)))
        #expect(zip(ids, ids.dropFirst()).allSatisfy(<))
        #expect(ids.allSatisfy { $0.number >> 10 & 4095 == 4095 })
    }

    @Test(arguments: [Int64.min, -1, 0, 1_735_689_599_999])
    func `before the first time it is the first of all`(milliseconds: Int64) {
        #expect(ID.first(at: Timestamp(milliseconds: milliseconds)) == ID(0))
    }

    @Test(arguments: [253_402_300_799_999, Int64.max])
    func `after the last time it lies above all that are made`(milliseconds: Int64) {
        #expect(ID.first(at: Timestamp(milliseconds: milliseconds)) > ID.make(at: Timestamp(seconds: 1_795_170_498)))
    }
}
