import HTTP

/// Where the server listens: `127.0.0.1:8080`, `[::1]:8080`, `localhost:0`.
struct ListenAddress: Equatable {
    /// As the server takes it: without brackets.
    let host: String
    let port: UInt16

    init(host: String, port: UInt16) {
        self.host = host
        self.port = port
    }

    /// Nil for anything but a numeric address or `localhost`, and a port.
    init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
            return nil
        }
        var host = text[..<colon]
        let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
        if isBracketed { host = host.dropFirst().dropLast() }
        guard host == "localhost" || (IPAddress(String(host)) != nil && isBracketed == host.contains(":")) else {
            return nil
        }
        self.init(host: String(host), port: port)
    }

    /// `http://HOST:PORT`, with an IPv6 address in brackets.
    var url: String { "http://" + (host.contains(":") ? "[\(host)]" : host) + ":\(port)" }

    /// The same for a browser on this machine: "every address" is none that one could go to.
    var localURL: String {
        switch host {
        case "0.0.0.0": ListenAddress(host: "127.0.0.1", port: port).url
        case "::": ListenAddress(host: "::1", port: port).url
        default: url
        }
    }
}
