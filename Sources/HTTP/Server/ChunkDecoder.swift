/// Takes a chunked body apart (RFC 9112, 7.1), strictly, in pieces of any size.
///
/// ```
/// size ──';'──▶ extension          data ──all read──▶ dataCR ──▶ dataLF ──▶ size
///   └───CR───────┴───▶ sizeLF ──size > 0──▶ data
///                        └─────size = 0──▶ trailer ──empty line──▶ done
/// ```
struct ChunkDecoder {
    private enum State {
        case size(digits: Int)
        case `extension`(length: Int)
        case sizeLF
        case data
        case dataCR
        case dataLF
        case trailer
        case done
    }

    private let limits: Limits
    private var state = State.size(digits: 0)
    /// Of the chunk being read: its size while that is read, then what is missing of its data.
    private var remaining: UInt64 = 0
    private var trailer: [UInt8] = []

    init(_ limits: Limits) { self.limits = limits }

    var isDone: Bool { if case .done = state { true } else { false } }

    /// Appends what `input` holds of the body to `body`, which never grows beyond `limit`: 413.
    ///
    /// - Returns: how many bytes of `input` were used; all, unless the body ended within.
    mutating func decode(
        _ input: ArraySlice<UInt8>, into body: inout [UInt8], limit: Int
    ) throws(RequestRefusal) -> Int {
        var rest = input
        while let byte = rest.first, !isDone {
            guard case .data = state else {
                rest.removeFirst()
                try step(byte, room: limit - body.count)
                continue
            }
            let piece = rest.prefix(Int(min(remaining, UInt64(rest.count))))
            body.append(contentsOf: piece)
            rest = rest.dropFirst(piece.count)
            remaining -= UInt64(piece.count)
            if remaining == 0 { state = .dataCR }
        }
        return input.count - rest.count
    }

    private mutating func step(_ byte: UInt8, room: Int) throws(RequestRefusal) {
        switch state {
        case .size(let digits): try size(byte, digits)
        case .extension(let length): try skipExtension(byte, length)
        case .sizeLF:
            guard byte == 0x0a else { throw .bad("chunk size does not end in CRLF") }
            guard remaining <= UInt64(room) else { throw RequestRefusal(status: 413, reason: "body too long") }
            state = remaining == 0 ? .trailer : .data
        case .dataCR:
            guard byte == 0x0d else { throw .bad("chunk does not end in CRLF") }
            state = .dataLF
        case .dataLF:
            guard byte == 0x0a else { throw .bad("chunk does not end in CRLF") }
            state = .size(digits: 0)
        case .trailer: try addToTrailer(byte)
        case .data, .done: break
        }
    }

    private mutating func size(_ byte: UInt8, _ digits: Int) throws(RequestRefusal) {
        if let value = URLEncoding.hexValue(byte) {
            guard digits < 16 else { throw .bad("chunk size over 16 digits") }
            remaining = (digits == 0 ? 0 : remaining << 4) | UInt64(value)
            state = .size(digits: digits + 1)
            return
        }
        guard digits > 0 else { throw .bad("chunk without size") }
        switch byte {
        case 0x0d: state = .sizeLF
        case UInt8(ascii: ";"): state = .extension(length: 1)
        default: throw .bad("chunk size is not a number")
        }
    }

    private mutating func skipExtension(_ byte: UInt8, _ length: Int) throws(RequestRefusal) {
        if byte == 0x0d {
            state = .sizeLF
            return
        }
        guard byte >= 0x20, byte != 0x7f else { throw .bad("control byte in a chunk extension") }
        guard length < 256 else { throw .bad("chunk extension over 256 bytes") }
        state = .extension(length: length + 1)
    }

    /// Trailers are dropped, but only after they have proved to be fields.
    private mutating func addToTrailer(_ byte: UInt8) throws(RequestRefusal) {
        guard trailer.count < limits.trailers else {
            throw RequestRefusal(status: 431, reason: "trailers over \(limits.trailers) bytes")
        }
        let isAfterCR = trailer.last == 0x0d
        guard (byte == 0x0a) == isAfterCR else { throw .bad("trailer line does not end in CRLF") }
        let startsLine = trailer.isEmpty || trailer.last == 0x0a
        guard byte == 0x0d || byte == 0x0a || (byte >= 0x20 && byte != 0x7f), !(startsLine && byte == 0x20) else {
            throw .bad("byte not allowed in a trailer")
        }
        trailer.append(byte)
        guard trailer.count == 2 ? byte == 0x0a : trailer.suffix(4) == [0x0d, 0x0a, 0x0d, 0x0a] else { return }
        let fields = try FieldLines.parse(trailer.dropLast(2), most: limits.fields)
        // Other readers take a trailer for a late header (RFC 9110, 6.5.1: none of these may come here).
        let late = ["Content-Length", "Transfer-Encoding", "Host"]
        guard !fields.contains(where: { field in late.contains { Headers.same($0, field.name) } }) else {
            throw .bad("framing in a trailer")
        }
        trailer = []
        state = .done
    }
}
