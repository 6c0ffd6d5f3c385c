import CNet
import Core

/// The client's thread: starts what the queue gives, lets libcurl move it, hands out the results.
///
/// Everything but `queue` and `multi.wake` belongs to that thread alone.
final class CurlLoop {
    private let queue: OutboundQueue
    private let multi: CurlMulti
    private let clock: any Clock
    private let userAgent: String
    private let extraAuthority: String?
    private var running: [OpaquePointer: CurlTransfer] = [:]
    /// Handles between two uses; they spare libcurl's set-up for each request.
    private var idle: [OpaquePointer] = []

    init(queue: OutboundQueue, multi: CurlMulti, clock: any Clock, userAgent: String, extraAuthority: String?) {
        self.queue = queue
        self.multi = multi
        self.clock = clock
        self.userAgent = userAgent
        self.extraAuthority = extraAuthority
    }

    deinit { for handle in idle { cnet_transfer_free(handle) } }

    /// Returns once the queue is closed and every transfer has ended.
    func run() {
        while true {
            let work = queue.take(now: clock.sinceBoot())
            for job in work.dropped {
                let why = work.isClosed ? "the client is closing" : "no slot became free within its deadline"
                job.completion(.failure(HTTPClientError(.notSent, why)))
            }
            for job in work.ready { start(job) }
            if work.isClosed, running.isEmpty { return }
            let code = multi.perform()
            if code != 0 { failAll(code) }
            if !collect() { multi.wait(milliseconds: pause(work)) }
        }
    }

    /// How long nothing has to be done but what libcurl or a waker says, in milliseconds.
    private func pause(_ work: OutboundQueue.Work) -> Int32 {
        let longest: Int32 = work.isWaiting ? 500 : 60_000
        guard let start = work.nextStart else { return longest }
        return max(0, min(longest, Int32(clamping: (start - clock.sinceBoot()).milliseconds)))
    }

    private func start(_ job: OutboundJob) {
        let now = clock.sinceBoot()
        if let limit = job.request.departBy, now > limit {
            return end(job, .failure(HTTPClientError(.departedTooLate, "its time to depart had passed")))
        }
        guard let handle = idle.popLast() ?? cnet_transfer_create() else {
            return end(job, .failure(HTTPClientError(.notSent, "out of memory")))
        }
        let transfer = CurlTransfer(job, handle: handle, clock: clock)
        running[handle] = transfer
        let remaining = job.request.deadline - (now - job.submittedAt)
        var code = transfer.prepare(userAgent: userAgent, extraAuthority: extraAuthority, remaining: remaining)
        if code == 0 { code = multi.add(handle) }
        if code != 0 { finish(transfer, code) }
    }

    /// Whether any transfer ended: its slot may be for a waiting one.
    private func collect() -> Bool {
        var any = false
        while let (handle, code) = multi.nextDone() {
            any = true
            if let transfer = running[handle] { finish(transfer, code) }
        }
        return any
    }

    /// libcurl itself is out of order: nobody may wait for an answer for ever.
    private func failAll(_ code: Int32) {
        for transfer in running.values {
            multi.remove(transfer.handle)
            finish(transfer, code)
        }
    }

    private func finish(_ transfer: CurlTransfer, _ code: Int32) {
        let result = transfer.result(code: code)
        running[transfer.handle] = nil
        cnet_transfer_reset(transfer.handle)
        idle.append(transfer.handle)
        end(transfer.job, result)
    }

    private func end(_ job: OutboundJob, _ result: Result<OutboundResponse, HTTPClientError>) {
        queue.finished(job)
        job.completion(result)
    }
}
