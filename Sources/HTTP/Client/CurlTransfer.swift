import CNet
import Core

/// One exchange from start to end, and what libcurl asks while it runs. Lives on the loop's thread only.
final class CurlTransfer {
    let job: OutboundJob
    let handle: OpaquePointer
    private let clock: any Clock
    private var answer: AnswerCollector
    /// Bytes of the body that libcurl has taken since the last rewind.
    private var handed = 0
    /// libcurl has taken the body's last byte, now or before a rewind.
    private var bodyTaken = false
    private var addressRefused = false
    private var stop: HTTPClientError.Kind?

    init(_ job: OutboundJob, handle: OpaquePointer, clock: any Clock) {
        self.job = job
        self.handle = handle
        self.clock = clock
        self.answer = AnswerCollector(maxBodyBytes: job.request.maxResponseBytes)
    }

    /// Hands the request to libcurl, which keeps a bare pointer to this object: hold it until the end.
    /// - Returns: 0, or libcurl's code.
    func prepare(userAgent: String, extraAuthority: String?, remaining: Timestamp.Span) -> Int32 {
        let request = job.request
        for line in headerLines() where !cnet_transfer_add_header(handle, line) { return Self.outOfMemory }
        let hasBody = !request.body.isEmpty || request.method == .post || request.method == .put
        // What has no connection well after its time to depart has failed to reach the peer, and is not tried again
        // at once as one that was merely late.
        let departure = request.departBy.map { $0 - clock.sinceBoot() + .seconds(1) } ?? remaining
        let connect = min(request.connectDeadline, remaining, departure)
        let method = request.method.rawValue
        return method.withCString { method in
            request.url.withCString { url in
                userAgent.withCString { agent in
                    Self.withOptionalCString(extraAuthority) { authority in
                        var options = cnet_request(
                            method: method, url: url, user_agent: agent, extra_ca_file: authority,
                            body_size: hasBody ? Int64(request.body.count) : -1,
                            head_only: request.method == .head,
                            // Without a body there is nothing whose rewinding could be forbidden.
                            fresh_connection: !request.repeatable && request.body.isEmpty,
                            timeout_ms: Int(max(remaining.milliseconds, 1)),
                            connect_timeout_ms: Int(max(connect.milliseconds, 1)))
                        return cnet_transfer_prepare(
                            handle, &options, Self.callbacks, Unmanaged.passUnretained(self).toOpaque())
                    }
                }
            }
        }
    }

    /// - Parameter code: libcurl's result for this transfer.
    func result(code: Int32) -> Result<OutboundResponse, HTTPClientError> {
        let outcome = cnet_transfer_outcome(handle)
        guard code != 0 || stop != nil else {
            return .success(
                OutboundResponse(
                    status: outcome.status, headers: answer.headers, body: answer.body,
                    elapsed: .milliseconds(outcome.total_microseconds / 1000)))
        }
        let written = isWritten(outcome)
        let kind = kind(written: written)
        return .failure(
            HTTPClientError(kind, message(kind, code, outcome), lastByteWritten: written, curlCode: Int(code)))
    }

    /// What stopped the transfer counts only while nothing can have arrived: libcurl may have been about to start
    /// over on a second connection when it was stopped.
    private func kind(written: Bool) -> HTTPClientError.Kind {
        if stop == .tooLarge { return .tooLarge }
        if written { return .unknown }
        return stop ?? (addressRefused ? .refused(.privateAddress) : .notSent)
    }

    /// Whether the peer may have the whole request. A body counts as written when libcurl has taken its last byte,
    /// which it does only on a connection that stands: its own count begins anew when it starts over.
    private func isWritten(_ outcome: cnet_outcome) -> Bool {
        job.request.body.isEmpty ? outcome.head_size > 0 : bodyTaken
    }

    private func message(_ kind: HTTPClientError.Kind, _ code: Int32, _ outcome: cnet_outcome) -> String {
        switch kind {
        case .tooLarge: return "the answer is larger than \(job.request.maxResponseBytes) bytes"
        case .departedTooLate: return "its time to depart had passed"
        case .refused: return "the host's address is private"
        case .notSent, .unknown:
            let words = String(cString: outcome.message)
            return words.isEmpty ? String(cString: cnet_curl_message(code)) : words
        }
    }

    private func headerLines() -> [String] {
        // With a colon and no value libcurl would drop the header.
        var lines = job.request.headers.fields.map { $0.value.isEmpty ? "\($0.name);" : "\($0.name): \($0.value)" }
        // libcurl would wait for "100 Continue", and call every body a form.
        lines.append("Expect:")
        if job.request.headers["Content-Type"] == nil { lines.append("Content-Type:") }
        return lines
    }

    private static func withOptionalCString<R>(_ text: String?, _ body: (UnsafePointer<CChar>?) -> R) -> R {
        text?.withCString(body) ?? body(nil)
    }

    private static let outOfMemory: Int32 = 27
}

// What libcurl asks. Every function runs inside `CurlMulti.perform`, on the loop's thread.
extension CurlTransfer {
    private func read(into: UnsafeMutableRawBufferPointer) -> Int64 {
        let body = job.request.body
        // libcurl knows the size and does not ask past the end, unless it starts over on another connection
        // without rewinding: the bytes it had are lost, and sending none would leave the peer waiting.
        guard handed < body.count else { return -1 }
        // Asked once more as the body is about to leave: without it whole the peer cannot act on the request.
        guard handed > 0 || isInTime() else { return -1 }
        let count = min(into.count, body.count - handed)
        into.copyBytes(from: body[handed..<handed + count])
        handed += count
        if handed == body.count, !bodyTaken {
            bodyTaken = true
            job.request.onDeparture?()
        }
        return Int64(count)
    }

    private func rewind() -> Bool {
        guard job.request.repeatable else { return false }
        handed = 0
        return true
    }

    private func collect(_ fits: Bool) -> Bool {
        if !fits { stop = .tooLarge }
        return fits
    }

    private func admit(_ address: IPAddress?) -> Bool {
        let admitted = job.mayBePrivate || address?.isPublic == true
        if !admitted { addressRefused = true }
        return admitted
    }

    /// Asked again when connected: a kept connection may have been opened for a caller that was allowed more.
    private func depart(to address: IPAddress?) -> Bool {
        guard admit(address) else {
            stop = .refused(.privateAddress)
            return false
        }
        guard isInTime() else { return false }
        if job.request.body.isEmpty { job.request.onDeparture?() }
        return true
    }

    private func isInTime() -> Bool {
        if let limit = job.request.departBy, clock.sinceBoot() > limit { stop = .departedTooLate }
        return stop == nil
    }

    private static func of(_ pointer: UnsafeMutableRawPointer?) -> CurlTransfer? {
        pointer.map { Unmanaged<CurlTransfer>.fromOpaque($0).takeUnretainedValue() }
    }

    private static var callbacks: cnet_owner {
        cnet_owner(
            read: { me, into, room in
                CurlTransfer.of(me)?.read(into: UnsafeMutableRawBufferPointer(start: into, count: room)) ?? -1
            },
            rewind: { me in CurlTransfer.of(me)?.rewind() ?? false },
            header: { me, line, count in
                guard let me = CurlTransfer.of(me) else { return false }
                return me.collect(me.answer.addHeader(CurlTransfer.bytes(line, count)))
            },
            body: { me, piece, count in
                guard let me = CurlTransfer.of(me) else { return false }
                return me.collect(me.answer.addBody(CurlTransfer.bytes(piece, count)))
            },
            admit: { me, address, count in
                CurlTransfer.of(me)?.admit(IPAddress(octets: UnsafeBufferPointer(start: address, count: count)))
                    ?? false
            },
            depart: { me, address, count in
                CurlTransfer.of(me)?.depart(to: IPAddress(octets: UnsafeBufferPointer(start: address, count: count)))
                    ?? false
            })
    }

    private static func bytes(_ start: UnsafePointer<CChar>?, _ count: Int) -> UnsafeBufferPointer<UInt8> {
        let raw = UnsafeRawBufferPointer(start: start, count: count)
        return UnsafeBufferPointer(start: raw.baseAddress?.assumingMemoryBound(to: UInt8.self), count: count)
    }
}
