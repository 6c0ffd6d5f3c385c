import Core
import Testing

struct IDTests {
    @Test func `the first id of a time lies below every id made then, and rises with the time`() {
        let now = Timestamp(seconds: 1_795_170_498)
        #expect(ID.first(at: now) <= ID.make(at: now))
        #expect(ID.first(at: now).number == 59_480_898_000 << 22)
        #expect(ID.first(at: now) < ID.first(at: now + .milliseconds(1)))
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
