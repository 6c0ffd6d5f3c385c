import Core
import Glibc
import HTTP
import TestSupport
import Testing

/// The built program from outside: processes, signals, sockets.
@Suite struct `The server as a program` {
    let folder: TemporaryFolder
    private var data: String { folder.file("data") }

    init() throws { folder = try TemporaryFolder() }

    private func run(_ arguments: String..., input: String = "") throws -> Cartwright.Run {
        try Cartwright.run(["--data", data] + arguments, input: input)
    }

    @Test func `serves on an empty folder, says how to begin, and stops when told to`() throws {
        let server = try ServerProcess(data: data)
        let link = try #require(try server.nextLine())
        #expect(link.hasPrefix("set up at \(server.url)/admin/start?token="))
        #expect(try server.send(.get, "/healthz").status == 200)
        let page = try server.send(.get, String(link.dropFirst("set up at \(server.url)".count)))
        #expect(page.status == 200)
        #expect(try server.stop() == .exited(0))
    }

    @Test func `keeps what it has in a folder that is its owner's alone`() throws {
        let server = try ServerProcess(data: data)
        for (name, rights) in [("", 0o700), ("cartwright.db", 0o600), ("master.key", 0o600), ("control.sock", 0o600)] {
            var status = stat()
            #expect(stat("\(data)/\(name)", &status) == 0, "\(name)")
            #expect(status.st_mode & 0o777 == mode_t(rights), "\(name)")
        }
        #expect(try server.stop() == .exited(0))
        #expect(access(data + "/control.sock", F_OK) != 0)
    }

    @Test func `has a changed setting in force when the command returns`() throws {
        let server = try ServerProcess(data: data)
        #expect(try !body(server, "/admin/login").contains("Wool &amp; Wire"))
        #expect(try run("settings", "set", "site.name", "Wool & Wire").status == 0)
        #expect(try body(server, "/admin/login").contains("Wool &amp; Wire"))
    }

    @Test func `takes a plugin out of work and back while it runs`() throws {
        let server = try ServerProcess(data: data)
        #expect(try server.send(.get, "/hooks/meta").status != 404)
        #expect(try run("plugin", "deactivate", "meta").status == 0)
        #expect(try server.send(.get, "/hooks/meta").status == 404)
        #expect(try run("plugin", "activate", "meta").status == 0)
        #expect(try server.send(.get, "/hooks/meta").status != 404)
    }

    @Test func `lets no second server work on its folder`() throws {
        let first = try ServerProcess(data: data)
        let second = try run("serve", "--listen", "127.0.0.1:0")
        #expect(second.status == 1)
        #expect(second.output.isEmpty)
        #expect(second.errors.contains("serve (process \(first.pid)) already works on \(data)"))
        #expect(try first.send(.get, "/healthz").status == 200)
    }

    @Test func `lets no second server work on its file by another name`() throws {
        let first = try ServerProcess(data: data)
        let file = data + "/cartwright.db"
        for name in ["linked", "doubled"] { #expect(mkdir(folder.file(name), 0o700) == 0) }
        #expect(symlink(file, folder.file("linked/shop.db")) == 0)
        for command in ["serve", "worker"] {
            let second = try Cartwright.run(
                [command, "--data", folder.file("linked"), "--database", folder.file("linked/shop.db")])
            #expect(second.status == 1 && second.output.isEmpty)
            #expect(second.errors.contains("serve (process \(first.pid)) already works on \(data)"))
        }
        #expect(link(file, folder.file("doubled/cartwright.db")) == 0)
        let doubled = try Cartwright.run(["serve", "--data", folder.file("doubled"), "--listen", "127.0.0.1:0"])
        #expect(doubled.status == 1 && doubled.output.isEmpty)
        #expect(doubled.errors.contains("has 2 names (hard links)"))
        #expect(try first.send(.get, "/healthz").status == 200)
    }

    @Test func `starts again after it was killed, and keeps what it had`() throws {
        let first = try ServerProcess(data: data)
        #expect(try run("settings", "set", "site.name", "Wool").status == 0)
        first.kill()
        // The socket that it left behind leads nowhere.
        #expect(try run("settings", "get", "site.name").output == "Wool\n")
        let second = try ServerProcess(data: data)
        #expect(try body(second, "/admin/login").contains("Wool"))
        #expect(try run("settings", "set", "site.name", "Wire").status == 0)
        #expect(try body(second, "/admin/login").contains("Wire"))
        #expect(try second.stop() == .exited(0))
    }

    @Test func `says no more how to begin once there is a person`() throws {
        #expect(
            try run(
                "user", "add", "--email", "ana@example.com", "--role", "owner", "--password-stdin",
                input: "a long password\n"
            ).status == 0)
        let server = try ServerProcess(data: data)
        server.terminate()
        #expect(try server.nextLine() == nil)
    }

    @Test func `builds its links from the address that it is given`() throws {
        let server = try ServerProcess(data: data, ["--public-url", "https://hello.example/"])
        #expect(try server.nextLine()?.hasPrefix("set up at https://hello.example/admin/start?token=") == true)
    }

    @Test func `takes its flags from the environment too`() throws {
        let server = try ServerProcess(
            data: data, environment: ["CARTWRIGHT_PUBLIC_URL": "https://hello.example"])
        #expect(try server.nextLine()?.hasPrefix("set up at https://hello.example/") == true)
    }

    @Test func `opens the demo shop with --demo and not without`() throws {
        let without = try ServerProcess(data: data)
        #expect(try without.send(.get, "/shop").status == 404)
        #expect(try without.stop() == .exited(0))
        let with = try ServerProcess(data: data, ["--demo"])
        #expect(try with.send(.get, "/shop").status == 200)
        #expect(try body(with, "/admin/login").contains("Demo shop"))
    }

    @Test func `says in one line why it cannot listen`() throws {
        let first = try ServerProcess(data: data)
        let port = String(first.url.split(separator: ":").last ?? "")
        let other = try Cartwright.run(["serve", "--data", folder.file("other"), "--listen", "127.0.0.1:\(port)"])
        #expect(other.status == 1)
        #expect(other.errors.contains("cannot listen on 127.0.0.1 port \(port): Address already in use"))
    }

    private func body(_ server: ServerProcess, _ path: String) throws -> String {
        String(decoding: try server.send(.get, path).body, as: UTF8.self)
    }
}
