import CNet
import Glibc

/// Bytes on their way out: what the kernel has not taken yet.
struct OutputQueue {
    enum Outcome {
        /// Everything is with the kernel.
        case empty
        /// The peer has to read before more goes out.
        case blocked
        case broken
    }

    private var pieces: [[UInt8]] = []
    private var first = 0
    /// Bytes of the first piece that are already out.
    private var offset = 0

    var isEmpty: Bool { first == pieces.count }

    mutating func add(_ piece: [UInt8]) {
        if !piece.isEmpty { pieces.append(piece) }
    }

    /// - Parameter sent: grows by the bytes that went out.
    mutating func flush(to descriptor: Int32, sent: inout Int) -> Outcome {
        while first < pieces.count {
            let isLast = first == pieces.count - 1
            let rest = pieces[first].count - offset
            let count = pieces[first].withUnsafeBytes { bytes in
                cnet_send(descriptor, bytes.baseAddress.map { $0 + offset }, rest, !isLast)
            }
            guard count >= 0 else { return count == -Int(EAGAIN) ? .blocked : .broken }
            sent += count
            offset += count
            guard offset == pieces[first].count else { continue }
            pieces[first] = []
            first += 1
            offset = 0
        }
        pieces = []
        first = 0
        return .empty
    }
}
