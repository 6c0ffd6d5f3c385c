import Glibc
import HTTP
import RequestOracle
import Testing

/// Our reader against http_parser, over whole requests and what seeded changes make of them.
struct DifferentialTests {
    /// Requests that both accept; the changes start from these.
    static let seeds = [
        "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
        "\r\nGET /a/b%20c?d=e&f HTTP/1.1\r\nhost: shop.example:8080\r\nX-Empty:\r\nX-Two: a  b \r\n\r\n",
        "HEAD http://shop.example/a?b HTTP/1.1\r\nHost: other\r\nConnection: keep-alive, x\r\n\r\n",
        "GET https://shop.example HTTP/1.1\r\nHost: other\r\n\r\n",
        "GET /old HTTP/1.0\r\nConnection: close\r\n\r\n",
        "POST /hook HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\nContent-Type: text/plain\r\n\r\nhello there",
        "PUT /hook HTTP/1.1\r\nContent-Length: 0\r\nHost: a\r\n\r\n",
        "POST /hook HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6;x=\"y\"\r\n there\r\n0\r\n\r\n",
        "PATCH /hook HTTP/1.1\r\nTransfer-Encoding: chunked\r\nHost: [::1]:80\r\n\r\n00a\r\n0123456789\r\n000\r\nTrailer: b\r\nX: c\r\n\r\n",
        "DELETE /x HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\nUpgrade: h2c\r\nConnection: upgrade\r\n\r\nab",
    ]

    @Test(arguments: seeds) func `a good request is read the same way by both`(request: String) {
        #expect(RequestOracle.verdict(on: Array(request.utf8)) == .same)
    }

    @Test func `every request that must be refused is, or is never misread`() {
        for malformed in MalformedRequestTests.cases {
            let verdict = RequestOracle.verdict(on: Array(malformed.request.utf8))
            #expect(verdict == .refused || verdict == .incomplete || verdict == .same, "\(malformed.what)")
        }
    }

    /// `FUZZ_RUNS` sets how many; each run is made from its number alone, so a failure names what to look at again.
    @Test(arguments: 0..<4) func `changed requests are refused or read the same way`(lane: Int) throws {
        let runs = ProcessEnvironment.number("FUZZ_RUNS") ?? 200_000
        var accepted = 0
        for run in stride(from: lane, to: runs, by: 4) {
            let bytes = Mutation.request(number: run, from: Self.seeds)
            switch RequestOracle.verdict(on: bytes) {
            case .same: accepted += 1
            case .refused, .incomplete: break
            case .different(let what):
                Issue.record("run \(run): \(what) in \(String(decoding: bytes, as: UTF8.self).debugDescription)")
            }
        }
        // Were all refused, nothing would have been compared.
        #expect(accepted > runs / 4 / 50)
    }

    @Test(arguments: seeds) func `however a body is cut into pieces, it is the same`(request: String) throws {
        let bytes = Array(request.utf8)
        let whole = try RequestOracle.read(bytes)
        for step in 1...7 {
            let pieces = try RequestOracle.read(bytes, step: step)
            #expect(pieces?.body == whole?.body)
            #expect(pieces?.used == whole?.used)
        }
    }
}

/// Small changes of the kind that make two readers disagree.
private enum Mutation {
    static let pieces = [
        "\r\n", "\n", "\r", "\0", " ", "\t", ":", ";", ",", "0", "5", "a", "\r\n ", "\r\n\r\n", "%2e", "#", "\u{7f}",
        "é",
        "Content-Length: 3\r\n", "Transfer-Encoding: chunked\r\n", "Host: b\r\n", "chunked", "HTTP/1.0", "0\r\n\r\n",
        "+", "-",
    ].map { Array($0.utf8) }

    static func request(number: Int, from seeds: [String]) -> [UInt8] {
        var random = SplitMix(state: UInt64(number))
        var bytes = Array(seeds[random.below(seeds.count)].utf8)
        for _ in 0...random.below(3) {
            let place = random.below(bytes.count + 1)
            switch random.below(5) {
            case 0: bytes.insert(contentsOf: pieces[random.below(pieces.count)], at: place)
            case 1 where place < bytes.count: bytes.remove(at: place)
            case 2 where place < bytes.count: bytes[place] ^= 1 << UInt8(random.below(8))
            case 3 where place < bytes.count: bytes[place] = UInt8(random.below(256))
            default:
                let end = min(bytes.count, place + random.below(20))
                bytes.insert(contentsOf: bytes[place..<end], at: random.below(bytes.count + 1))
            }
        }
        return bytes
    }
}

/// A small generator (SplitMix64) that gives the same numbers everywhere for the same start.
private struct SplitMix {
    var state: UInt64

    mutating func below(_ bound: Int) -> Int {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ z >> 30) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
        return Int((z ^ z >> 31) % UInt64(bound))
    }
}

private enum ProcessEnvironment {
    static func number(_ name: String) -> Int? { getenv(name).flatMap { Int(String(cString: $0)) } }
}
