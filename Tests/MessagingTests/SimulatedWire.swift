import Core
import HTTP
import Synchronization
import TestSupport

/// A client whose requests leave and arrive at times of a test's own clock, with delays of its own at every step; it
/// keeps to departure times as the real client does. Nothing moves but in `run`.
final class SimulatedWire: HTTPClient {
    private struct Flight: Sendable {
        let request: OutboundRequest
        /// When the client gets to it.
        let start: Timestamp.Span
        let completion: @Sendable (Result<OutboundResponse, HTTPClientError>) -> Void
        var answerAt: Timestamp.Span?
    }

    private struct State {
        var flights: [Flight] = []
        var random: SeededRandom
    }

    private let clock: any Clock
    private let arrivals: Arrivals
    private let slots: Int
    private let state: Mutex<State>

    /// When requests arrived at the provider, from however many nodes.
    final class Arrivals: Sendable {
        private let list = Mutex<[Timestamp.Span]>([])

        func note(_ time: Timestamp.Span) { list.withLock { $0.append(time) } }
        var all: [Timestamp.Span] { list.withLock { $0.sorted() } }

        /// The most that came in any stretch of a second.
        var mostInASecond: Int {
            let times = all
            var (most, first) = (0, 0)
            for last in times.indices {
                while times[last] - times[first] >= .seconds(1) { first += 1 }
                most = max(most, last - first + 1)
            }
            return most
        }
    }

    init(clock: any Clock, arrivals: Arrivals, random: SeededRandom, slots: Int = 256) {
        (self.clock, self.arrivals, self.slots) = (clock, arrivals, slots)
        state = Mutex(State(random: random))
    }

    var freeSlots: Int { state.withLock { max(0, slots - $0.flights.count) } }
    var isIdle: Bool { state.withLock { $0.flights.isEmpty } }

    func send(_ request: OutboundRequest) throws(HTTPClientError) -> OutboundResponse {
        throw HTTPClientError(.refused(.invalidRequest), "only submitted requests fly")
    }

    func submit(
        _ request: OutboundRequest,
        completion: @escaping @Sendable (Result<OutboundResponse, HTTPClientError>) -> Void
    ) {
        let now = clock.sinceBoot()
        state.withLock { state in
            let start = max(now, request.departAfter ?? now) + state.random.delay(atMost: 15)
            state.flights.append(Flight(request: request, start: start, completion: completion))
        }
    }

    /// Does what is due by now: requests leave, or have missed their time; answers come in.
    func run() {
        let now = clock.sinceBoot()
        let (leaving, late, answered) = state.withLock { state in
            var (leaving, late, answered): ([Flight], [Flight], [Flight]) = ([], [], [])
            var kept: [Flight] = []
            for var flight in state.flights {
                if let time = flight.answerAt {
                    if time <= now { answered.append(flight) } else { kept.append(flight) }
                } else if flight.start > now {
                    kept.append(flight)
                } else if let limit = flight.request.departBy, now > limit {
                    late.append(flight)
                } else {
                    // What it takes to the provider varies; what leaves together does not arrive together.
                    arrivals.note(now + state.random.delay(atMost: 40))
                    flight.answerAt = now + .milliseconds(50) + state.random.delay(atMost: 100)
                    leaving.append(flight)
                    kept.append(flight)
                }
            }
            state.flights = kept
            return (leaving, late, answered)
        }
        for flight in leaving { flight.request.onDeparture?() }
        for flight in late { flight.completion(.failure(HTTPClientError(.departedTooLate, "late"))) }
        for flight in answered { flight.completion(.success(OutboundResponse(status: 200, body: flight.request.body))) }
    }
}

extension SeededRandom {
    mutating func delay(atMost milliseconds: Int64) -> Timestamp.Span {
        .milliseconds(Int64.random(in: 0...milliseconds, using: &self))
    }
}
