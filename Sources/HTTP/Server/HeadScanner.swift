/// Finds the end of a request's head as bytes come in, and refuses at the first byte that no head may hold.
///
/// What it lets through: lines that end in CRLF and nothing else, no control byte, none beginning with a space, at most
/// one empty line in front.
package struct HeadScanner {
    private let limits: Limits
    /// Bytes already looked at.
    private var position = 0
    private var lineStart = 0
    private var isAfterCR = false
    /// Where the request line begins: behind the empty line, if there is one.
    package private(set) var start = 0
    private var isInRequestLine = true

    package init(_ limits: Limits) { self.limits = limits }

    /// - Parameter bytes: all that has come of this head, more at each call.
    /// - Returns: the offset behind the empty line that ends the head; nil when there is more to come.
    package mutating func end(in bytes: ArraySlice<UInt8>) throws(RequestRefusal) -> Int? {
        while position < bytes.count {
            let byte = bytes[bytes.startIndex + position]
            position += 1
            if isAfterCR {
                guard byte == 0x0a else { throw .bad("CR without LF") }
                isAfterCR = false
                if try endOfLine() { return position }
            } else if byte == 0x0d {
                isAfterCR = true
            } else {
                try check(byte)
            }
            try checkSize()
        }
        return nil
    }

    /// True when it was the empty line that ends the head.
    private mutating func endOfLine() throws(RequestRefusal) -> Bool {
        let isEmpty = position - lineStart == 2
        lineStart = position
        guard isInRequestLine else { return isEmpty }
        guard isEmpty else {
            isInRequestLine = false
            return false
        }
        guard start == 0 else { throw .bad("more than one empty line before the request") }
        start = position
        return false
    }

    private func check(_ byte: UInt8) throws(RequestRefusal) {
        guard byte != 0x0a else { throw .bad("LF without CR") }
        guard byte >= 0x20, byte != 0x7f else { throw .bad("control byte") }
        guard byte != 0x20 || position - 1 != lineStart else { throw .bad("line begins with a space") }
    }

    private func checkSize() throws(RequestRefusal) {
        if isInRequestLine, position - start > limits.requestLine {
            throw RequestRefusal(status: 414, reason: "request line over \(limits.requestLine) bytes")
        }
        if position > limits.head {
            throw RequestRefusal(status: 431, reason: "head over \(limits.head) bytes")
        }
    }
}
