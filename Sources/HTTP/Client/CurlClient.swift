package import Core
import Synchronization

/// The real `HTTPClient`: one thread of its own with one libcurl multi handle, connections kept and shared.
package final class CurlClient: HTTPClient {
    private let queue: OutboundQueue
    private let multi: CurlMulti
    private let clock: any Clock
    /// Nil once somebody has joined it.
    private let thread: Mutex<Thread?>

    /// - Parameters:
    ///   - version: the program's, for `User-Agent`.
    ///   - extraAuthority: a PEM file trusted beside the system's authorities.
    ///   - slots: how many sends, and how many repeatable calls, run at once; more wait. HTTP/2 servers commonly take 100
    ///     at once over a connection: beyond that libcurl opens a connection for each.
    /// - Throws: `.notSent` when libcurl or a thread cannot be had.
    package init(
        version: String, clock: any Clock = SystemClock(), extraAuthority: String? = nil, slots: Int = 96
    ) throws(HTTPClientError) {
        guard let multi = CurlMulti(keptConnections: slots * 2) else {
            throw HTTPClientError(.notSent, "libcurl cannot start")
        }
        let queue = OutboundQueue(slots: slots)
        do throws(Thread.StartError) {
            let thread = try Thread.start("http-client") {
                CurlLoop(
                    queue: queue, multi: multi, clock: clock, userAgent: "Cartwright/\(version)",
                    extraAuthority: extraAuthority
                ).run()
            }
            self.thread = Mutex(thread)
        } catch {
            throw HTTPClientError(.notSent, "\(error)")
        }
        self.queue = queue
        self.multi = multi
        self.clock = clock
    }

    deinit {
        queue.close()
        multi.wake()
        // Not joined: the last reference may go on the loop's own thread, inside a completion.
        thread.withLock { $0.take() }?.detach()
    }

    package var freeSlots: Int { queue.freeSlots }

    package func send(_ request: OutboundRequest) throws(HTTPClientError) -> OutboundResponse {
        let answer = Monitor<Result<OutboundResponse, HTTPClientError>?>(nil)
        submit(request) { result in
            answer.withLock { $0 = result }
            answer.wakeOne()
        }
        return try answer.wait { $0 }.get()
    }

    package func submit(
        _ request: OutboundRequest,
        completion: @escaping @Sendable (Result<OutboundResponse, HTTPClientError>) -> Void
    ) {
        do throws(HTTPClientError) {
            let job = try OutboundJob(request, submittedAt: clock.sinceBoot(), completion: completion)
            guard queue.add(job) else { throw HTTPClientError(.notSent, "the client is closing") }
            multi.wake()
        } catch {
            completion(.failure(error))
        }
    }

    /// Fails what waits for a slot, lets what is in flight end (its deadlines bound that), and returns when all
    /// completions have been called. Not to be called from a completion.
    package func close() {
        queue.close()
        multi.wake()
        thread.withLock { $0.take() }?.join()
    }
}
