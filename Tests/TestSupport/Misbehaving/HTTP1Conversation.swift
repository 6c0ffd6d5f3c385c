import HTTP

/// Speaks HTTP/1.1 on one connection, as far as tests need it.
struct HTTP1Conversation {
    let connection: ServerConnection
    let server: MisbehavingServer
    let number: Int

    func run() {
        while let head = connection.read(through: Array("\r\n\r\n".utf8)) {
            var request = Self.parse(head)
            request.connection = number
            let scripted = server.nextInScript()
            if case .resetBeforeBody = scripted { return connection.resetWhenClosed() }
            guard let body = connection.read(Int(request.headers["Content-Length"] ?? "0") ?? 0) else { return }
            request.body = body
            let behaviour = server.received(request, scripted: scripted)
            guard perform(behaviour, isHead: request.method == .head) else { return }
        }
    }

    /// Whether the connection goes on.
    private func perform(_ behaviour: Behaviour, isHead: Bool) -> Bool {
        switch behaviour {
        case .answer(let status, let headers, let body):
            connection.write(Self.head(status, headers, body.count) + (isHead ? [] : body))
            return true
        case .dribble(let status, let body):
            for byte in Self.head(status, [:], body.count) + body { connection.write([byte]) }
            return true
        case .raw(let text):
            connection.write(Array(text.utf8))
            return true
        case .rawThenClose(let text):
            connection.write(Array(text.utf8))
            return false
        case .close:
            return false
        case .reset, .resetBeforeBody:
            connection.resetWhenClosed()
            return false
        case .silence:
            connection.readToEnd()
            return false
        }
    }

    private static func head(_ status: Int, _ headers: Headers, _ length: Int) -> [UInt8] {
        let fields = headers.fields.map { "\($0.name): \($0.value)\r\n" }.joined()
        return Array("HTTP/1.1 \(status) \r\n\(fields)Content-Length: \(length)\r\n\r\n".utf8)
    }

    private static func parse(_ head: [UInt8]) -> Received {
        let lines = String(decoding: head, as: UTF8.self).split(separator: "\r\n")
        let words = lines.first?.split(separator: " ").map(String.init) ?? []
        var request = Received()
        request.method = Method(rawValue: words.first ?? "")
        request.target = words.count > 1 ? words[1] : ""
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            request.headers.add(String(parts[0]), String(parts.last?.drop { $0 == " " } ?? ""))
        }
        return request
    }
}
