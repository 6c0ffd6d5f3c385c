import Testing

/// The ways out of the program: there are no others.
@Suite struct `The way out` {
    /// Which files may open a connection, and what for.
    private static let known: Set<String> = [
        // To other hosts, by libcurl, which asks the list of declared hosts first.
        "Sources/HTTP/Client/", "Sources/HTTP/Mail/",
        "Sources/CNet/",
        // To the database server that the admin named.
        "Sources/CDatabase/", "Sources/Database/PostgreSQL/",
        // To the server on the same folder, through a socket file.
        "Sources/App/Commands/ControlSocket.swift",
    ]

    @Test func `leads through the known files alone`() throws {
        let files = try Repository.sourceFiles().filter { $0.path.hasPrefix("Sources/") }
        let strangers = files.filter { file in
            !Self.known.contains { file.path.hasPrefix($0) } && Self.opens(file)
        }
        #expect(strangers.map(\.path).isEmpty)
        // The rule sees what it is there for.
        #expect(files.contains { $0.path.hasPrefix("Sources/HTTP/Client/") && Self.opens($0) })
        #expect(files.contains { $0.path == "Sources/App/Commands/ControlSocket.swift" && Self.opens($0) })
    }

    /// Whether it begins a connection, or sends without one.
    private static func opens(_ file: SourceFile) -> Bool {
        let calls = /\b(connect|sendto|sendmsg|getaddrinfo|gethostbyname|PQconnect\w*|curl_\w+|cnet_curl\w*)\(/
        return (file.isSwift ? file.code : file.lines).contains { $0.contains(calls) }
    }
}
