/// Gathers an answer's head and body as libcurl delivers them, within limits.
struct AnswerCollector {
    private(set) var headers: Headers = [:]
    private(set) var body: [UInt8] = []
    private var headBytes = 0
    private let maxBodyBytes: Int

    private static let maxHeadBytes = 64 << 10

    init(maxBodyBytes: Int) { self.maxBodyBytes = maxBodyBytes }

    /// False when the head has grown too large.
    mutating func addHeader(_ line: UnsafeBufferPointer<UInt8>) -> Bool {
        headBytes += line.count
        guard headBytes <= Self.maxHeadBytes else { return false }
        if line.starts(with: "HTTP/".utf8) {
            // A new head begins: what came before was an interim one (1xx).
            headers = [:]
        } else if let colon = line.firstIndex(of: UInt8(ascii: ":")) {
            let value = String(decoding: line[(colon + 1)...].filter { $0 != 13 && $0 != 10 }, as: UTF8.self)
            headers.add(String(decoding: line[..<colon], as: UTF8.self), Headers.trim(value[...]))
        }
        return true
    }

    /// False when the body has grown too large.
    mutating func addBody(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        guard body.count + bytes.count <= maxBodyBytes else { return false }
        body.append(contentsOf: bytes)
        return true
    }
}
