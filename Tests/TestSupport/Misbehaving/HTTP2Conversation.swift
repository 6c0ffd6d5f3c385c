import HTTP

/// Speaks as much HTTP/2 (RFC 9113) on one connection as it takes to read small requests and answer them. Request
/// heads stay compressed and unread.
struct HTTP2Conversation {
    let connection: ServerConnection
    let server: MisbehavingServer
    let number: Int

    private enum FrameType: UInt8 {
        case data, headers, priority, resetStream, settings, pushPromise, ping, goAway, windowUpdate, continuation
    }

    private static let endStream: UInt8 = 1
    private static let acknowledgement: UInt8 = 1
    private static let endHeaders: UInt8 = 4

    func run() {
        guard connection.read(Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8).count) != nil else { return }
        send(.settings, flags: 0, stream: 0, [])
        var open: [UInt32: Received] = [:]
        while let header = connection.read(9) {
            let length = header[0..<3].reduce(0) { $0 << 8 | Int($1) }
            let stream = header[5..<9].reduce(UInt32(0)) { $0 << 8 | UInt32($1) } & 0x7fff_ffff
            guard let payload = connection.read(length) else { return }
            let type = FrameType(rawValue: header[3])
            let flags = header[4]
            switch type {
            case .headers:
                open[stream] = Received(connection: number)
            case .data:
                open[stream]?.body += payload
                // Whole requests of any size may come: give back what the windows lost.
                if length > 0 {
                    send(.windowUpdate, flags: 0, stream: 0, Self.bytes(UInt32(length)))
                    send(.windowUpdate, flags: 0, stream: stream, Self.bytes(UInt32(length)))
                }
            case .settings where flags & Self.acknowledgement == 0:
                send(.settings, flags: Self.acknowledgement, stream: 0, [])
            case .ping where flags & Self.acknowledgement == 0:
                send(.ping, flags: Self.acknowledgement, stream: 0, payload)
            case .goAway:
                return
            default:
                break
            }
            guard type == .headers || type == .data, flags & Self.endStream != 0,
                let request = open.removeValue(forKey: stream)
            else { continue }
            guard perform(server.received(request, scripted: server.nextInScript()), on: stream) else { return }
        }
    }

    /// Whether the connection goes on.
    private func perform(_ behaviour: Behaviour, on stream: UInt32) -> Bool {
        switch behaviour {
        case .answer(let status, let headers, let body):
            answer(status, headers, body, on: stream)
        case .dribble(let status, let body):
            answer(status, [:], body, on: stream)
        case .reset, .resetBeforeBody:
            send(.resetStream, flags: 0, stream: stream, Self.bytes(2))  // INTERNAL_ERROR
        case .silence:
            break
        case .raw, .rawThenClose, .close:
            return false
        }
        return true
    }

    private func answer(_ status: Int, _ headers: Headers, _ body: [UInt8], on stream: UInt32) {
        // HPACK (RFC 7541, 6.2.2): literals without indexing; 8 is `:status` in the static table.
        var block: [UInt8] = [8] + Self.literal(String(status))
        for field in headers.fields {
            block += [0] + Self.literal(field.name.lowercased()) + Self.literal(field.value)
        }
        send(.headers, flags: Self.endHeaders, stream: stream, block)
        send(.data, flags: Self.endStream, stream: stream, body)
    }

    /// A string of up to 126 bytes, not Huffman-coded.
    private static func literal(_ text: String) -> [UInt8] {
        let bytes = Array(text.utf8.prefix(126))
        return [UInt8(bytes.count)] + bytes
    }

    private static func bytes(_ number: UInt32) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> UInt32($0)) }
    }

    private func send(_ type: FrameType, flags: UInt8, stream: UInt32, _ payload: [UInt8]) {
        let length = Array(Self.bytes(UInt32(payload.count)).dropFirst())
        connection.write(length + [type.rawValue, flags] + Self.bytes(stream) + payload)
    }
}
