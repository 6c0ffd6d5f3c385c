/// Reads a request's body off the connection, however its end is marked.
package struct BodyReader {
    private enum Source {
        case length(remaining: Int)
        case chunks(ChunkDecoder)
    }

    private var source: Source
    private let limit: Int
    /// Bytes of the body so far.
    private var total = 0

    /// Nil when there is no body.
    ///
    /// - Parameter limit: bytes; a longer body is refused with 413, at once where its length is told.
    package init?(_ framing: RequestHead.Framing, limit: Int, _ limits: Limits) throws(RequestRefusal) {
        switch framing {
        case .none: return nil
        case .length(let length):
            guard length <= limit else { throw RequestRefusal(status: 413, reason: "body over \(limit) bytes") }
            source = .length(remaining: length)
        case .chunked: source = .chunks(ChunkDecoder(limits))
        }
        self.limit = limit
    }

    package var isComplete: Bool {
        switch source {
        case .length(let remaining): remaining == 0
        case .chunks(let decoder): decoder.isDone
        }
    }

    /// Appends what `input` holds of the body to `piece`, which need not hold what was read before.
    ///
    /// - Returns: how many bytes of `input` were used.
    package mutating func read(_ input: ArraySlice<UInt8>, into piece: inout [UInt8]) throws(RequestRefusal) -> Int {
        switch source {
        case .length(let remaining):
            let taken = input.prefix(remaining)
            piece.append(contentsOf: taken)
            source = .length(remaining: remaining - taken.count)
            return taken.count
        case .chunks(var decoder):
            let before = piece.count
            let used = try decoder.decode(input, into: &piece, limit: before + limit - total)
            total += piece.count - before
            source = .chunks(decoder)
            return used
        }
    }
}
