import Core
import TestSupport
import Testing

@testable import App

@Suite struct RememberedCountsTests {
    @Test func `a large count stands for a minute, by its name`() {
        let clock = FixedClock()
        let counts = RememberedCounts()
        #expect(counts.count("sent", at: clock.now()) { 5000 } == 5000)
        #expect(counts.count("sent", at: clock.now()) { 5001 } == 5000)
        #expect(counts.count("failed", at: clock.now()) { 7000 } == 7000)
        clock.advance(by: .minutes(1))
        #expect(counts.count("sent", at: clock.now()) { 5001 } == 5001)
    }

    @Test func `a small count is always fresh`() {
        let counts = RememberedCounts()
        let now = FixedClock().now()
        for number in [0, 1, 2, 999] { #expect(counts.count("sent", at: now) { number } == number) }
    }
}
