import Core
import HTTP
import Synchronization
import TestSupport

/// Sends requests to one web node or another, as the proxy before them does: one that did not answer is left alone
/// for a while. It counts what the answers were.
final class FrontOfCluster: Sendable {
    /// What came back so far.
    struct Answers: Sendable {
        var statuses: [Int: Int] = [:]
        /// Calls without an answer: resets, ends, time-outs.
        var lost = 0
        var slowest = Timestamp.Span.zero
        /// What that was an answer to, and what it was.
        var slowestCall = ""
        /// What must never come back, one sentence each.
        var wrong: [String] = []
    }

    private struct State {
        var leftAloneUntil: [Timestamp.Span]
        var answers = Answers()
    }

    private let nodes: [ClusterNode]
    private let deadline: Timestamp.Span
    private let clock = SystemClock()
    private let never = Monitor(())
    private let state: Mutex<State>

    /// - Parameter deadline: how long the other side waits for an answer.
    init(_ nodes: [ClusterNode], deadline: Timestamp.Span) {
        self.nodes = nodes
        self.deadline = deadline
        state = Mutex(State(leftAloneUntil: nodes.map { _ in .zero }))
    }

    var answers: Answers { state.withLock { $0.answers } }

    /// One try. Nil when nobody answered.
    func send(
        _ path: String, json: String? = nil, body: [UInt8] = [], headers: Headers, token: String? = nil
    ) -> OutboundResponse? {
        guard let number = pick(), let site = nodes[number].site else {
            pause()
            return nil
        }
        let start = clock.sinceBoot()
        let answer = try? site.send(
            .post, path, json: json, body: body, headers: headers, token: token, deadline: deadline)
        let now = clock.sinceBoot()
        state.withLock { state in
            if now - start > state.answers.slowest {
                state.answers.slowest = now - start
                state.answers.slowestCall = "\(path), \(answer.map { String($0.status) } ?? "lost")"
            }
            guard let answer else {
                state.answers.lost += 1
                state.leftAloneUntil[number] = now + .seconds(2)
                return
            }
            state.answers.note(answer, path)
        }
        if answer.map({ $0.status >= 300 }) ?? true { pause() }
        return answer
    }

    /// A node that is up, as far as is known.
    private func pick() -> Int? {
        let now = clock.sinceBoot()
        let up = nodes.indices.filter { nodes[$0].site != nil }
        let willing = state.withLock { state in up.filter { state.leftAloneUntil[$0] <= now } }
        return willing.randomElement() ?? up.randomElement()
    }

    /// Whoever was sent away comes again a little later.
    private func pause() { _ = never.wait(atMost: .milliseconds(.random(in: 20...200))) { _ in Void?.none } }
}

extension FrontOfCluster.Answers {
    fileprivate mutating func note(_ answer: OutboundResponse, _ path: String) {
        statuses[answer.status, default: 0] += 1
        let text = String(decoding: answer.body.prefix(300), as: UTF8.self)
        switch answer.status {
        // 409: the same call is still at work on the other node.
        case 200, 201, 409: break
        case 503:
            if answer.headers["Retry-After"] == nil { wrong.append("\(path): 503 without Retry-After: \(text)") }
        default: wrong.append("\(path): \(answer.status) \(text)")
        }
    }
}
