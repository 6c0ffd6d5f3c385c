import CHTTPParser
package import HTTP

/// Holds our reader of requests against http_parser: what ours accepts, the other must read the same way.
///
/// What ours refuses says nothing: it is the stricter of the two by design.
package enum RequestOracle {
    package enum Verdict: Sendable, Equatable {
        case refused
        /// More bytes would have to come.
        case incomplete
        case same
        /// Ours accepts and the other refuses or reads something else, and what.
        case different(String)
    }

    /// What a request comes to.
    package struct Reading: Sendable {
        package let head: RequestHead
        package let body: [UInt8]
        /// Bytes used.
        package let used: Int
    }

    package static func verdict(on bytes: [UInt8]) -> Verdict {
        do {
            guard let ours = try read(bytes) else { return .incomplete }
            return compare(ours, on: bytes).map { .different($0) } ?? .same
        } catch {
            return .refused
        }
    }

    /// Our reading of the request at the front of `bytes`; nil when it is not whole.
    ///
    /// - Parameter step: gives the body's reader so many bytes at a time.
    package static func read(_ bytes: [UInt8], step: Int = .max) throws(RequestRefusal) -> Reading? {
        let limits = Limits()
        var scanner = HeadScanner(limits)
        guard let end = try scanner.end(in: bytes[...]) else { return nil }
        let head = try RequestHead(bytes[scanner.start..<end], limits)
        var body: [UInt8] = []
        var used = end
        if var reader = try BodyReader(head.framing, limit: 1 << 16, limits) {
            while !reader.isComplete {
                let rest = bytes[used...].prefix(step)
                guard !rest.isEmpty else { return nil }
                used += try reader.read(rest, into: &body)
            }
        }
        return Reading(head: head, body: body, used: used)
    }

    private static func compare(_ ours: Reading, on bytes: [UInt8]) -> String? {
        var theirs = chttpparser_request()
        bytes.withUnsafeBufferPointer { chttpparser_read($0.baseAddress, $0.count, &theirs) }
        defer { chttpparser_free(&theirs) }
        if theirs.unknown_method { return nil }
        guard theirs.complete else { return "refused or not whole: \(String(cString: theirs.error))" }
        if String(cString: theirs.method) != ours.head.method.rawValue { return "method" }
        if array(theirs.body) != ours.body { return "body" }
        if theirs.used != ours.used { return "end: ours \(ours.used), theirs \(theirs.used)" }

        let target = String(decoding: array(theirs.target), as: UTF8.self)
        let isAbsolute = !target.hasPrefix("/")
        if isAbsolute ? !matches(target, ours.head) : target != ours.head.target.raw { return "target" }
        let fields = Self.fields(theirs.fields).filter { !isAbsolute || $0.name.lowercased() != "host" }
        let own = ours.head.headers.fields.filter { !isAbsolute || $0.name.lowercased() != "host" }
        return fields == own ? nil : "fields"
    }

    /// `http://host/path` is our Host and our path together.
    private static func matches(_ absolute: String, _ head: RequestHead) -> Bool {
        guard let host = head.headers["Host"], let colon = absolute.firstIndex(of: ":") else { return false }
        let rest = absolute[colon...].dropFirst(3)
        return rest == host + head.target.raw || rest == host + head.target.raw.dropFirst()
    }

    private static func fields(_ text: chttpparser_text) -> [Headers.Field] {
        let lines = array(text).split(separator: 0x0a, omittingEmptySubsequences: false).dropLast().map(Array.init)
        return stride(from: 0, to: lines.count - 1, by: 2).map { i in
            var value = lines[i + 1][...]
            while value.last == 0x20 { value.removeLast() }
            return Headers.Field(
                name: String(decoding: lines[i], as: UTF8.self), value: String(decoding: value, as: UTF8.self))
        }
    }

    private static func array(_ text: chttpparser_text) -> [UInt8] {
        Array(UnsafeBufferPointer(start: text.bytes, count: text.count))
    }
}
