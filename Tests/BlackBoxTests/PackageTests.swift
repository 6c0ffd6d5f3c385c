import Core
import HTTP
import TestSupport
import Testing

/// What the Debian package is made of; `make install` tries out the package itself.
@Suite struct `The Debian package` {
    private let unit = Self.text("scripts/package/cartwright.service").split(separator: "\n").map(String.init)

    private static func text(_ path: String) -> String {
        RepositoryFile.read(path).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    /// Every value that the unit gives to a key.
    private func values(_ key: String) -> [String] {
        unit.filter { $0.hasPrefix(key + "=") }.map { String($0.dropFirst(key.count + 1)) }
    }

    @Test func `has a unit that gives the server more time to stop than it takes`() throws {
        let seconds = try #require(values("TimeoutStopSec").first.flatMap { Int64($0) })
        #expect(seconds * 1000 > Limits().stopTime.milliseconds)
    }

    @Test func `has a unit for workers that differs in what it runs alone`() throws {
        func settings(_ name: String) -> [String] {
            Self.text("scripts/package/\(name).service").split(separator: "\n").map(String.init).filter { line in
                !line.hasPrefix("#") && !line.hasPrefix("Description=") && !line.hasPrefix("ExecStart=")
            }
        }
        let own = settings("cartwright")
        #expect(own.count > 20)
        #expect(settings("cartwright-worker") == own)
        let worker = Self.text("scripts/package/cartwright-worker.service")
        #expect(worker.contains("\nExecStart=/usr/bin/cartwright worker\n"))
    }

    @Test func `has a unit that runs the program on its own folder, as nobody else`() throws {
        let user = try #require(values("User").first)
        #expect(Self.text("scripts/package/sysusers.conf").hasPrefix("u \(user) "))
        #expect(values("Group") == [user])
        let folder = try #require(values("StateDirectory").first.map { "/var/lib/" + $0 })
        #expect(values("Environment").contains("CARTWRIGHT_DATA=" + folder))
        #expect(values("Environment").contains("SWIFT_BACKTRACE=enable=no"))
        #expect(values("CapabilityBoundingSet") == [""])
        let command = try #require(values("ExecStart").first?.split(separator: " ").map(String.init))
        #expect(command == ["/usr/bin/cartwright", "serve"])
        #expect(Self.text("scripts/install.sh").contains("\"$root\(command[0])\""))
    }

    @Test func `names only settings that the server takes`() throws {
        let help = try Cartwright.run(["serve", "--help"]).output
        let names = Self.text("scripts/package/default").split(separator: "\n").compactMap { line in
            line.hasPrefix("#CARTWRIGHT_") ? line.dropFirst("#CARTWRIGHT_".count).prefix { $0 != "=" } : nil
        }
        #expect(names.count > 3)
        for name in names {
            let flag = "--" + String(name.lowercased().map { $0 == "_" ? "-" : $0 })
            #expect(help.contains(flag), "\(flag)")
        }
    }

    @Test(arguments: [
        "scripts/install.sh", "scripts/package/cartwrightctl", "scripts/package/manual.sh", "scripts/package/postinst",
        "scripts/package/postrm", "scripts/package/prerm",
    ])
    func `has scripts that a shell can read`(script: String) throws {
        let folder = try TemporaryFolder()
        let shell = try ChildProcess(
            "/bin/sh", ["-n", "\(RepositoryFile.root)/\(script)"], errors: folder.file("errors"))
        #expect(try shell.ending() == .exited(0), "\(folder.text("errors"))")
    }

    @Test func `has a program that finds its own words, not those of the folder it is called in`() throws {
        let folder = try TemporaryFolder()
        let words = Self.text("Locales/en.po")
        let title = try #require(words.firstRange(of: "msgid \"privacy.title\"\nmsgstr \""))
        try run("/bin/mkdir", "-p", folder.file("bin"), folder.file("share/cartwright/Locales"), in: folder)
        try run("/bin/cp", Cartwright.program, folder.file("bin/cartwright"), in: folder)
        try folder.write(
            "share/cartwright/Locales/en.po",
            String(words[..<title.upperBound]) + "Installed: " + words[title.upperBound...])
        let program = try ChildProcess(
            folder.file("bin/cartwright"), ["privacy", "--markdown", "--data", folder.file("data")],
            environment: Cartwright.environment, errors: folder.file("errors"))
        let output = String(decoding: try program.rest(), as: UTF8.self)
        #expect(output.hasPrefix("# Installed: "), "\(folder.text("errors"))")
    }

    private func run(_ program: String, _ arguments: String..., in folder: TemporaryFolder) throws {
        let child = try ChildProcess(program, arguments, errors: folder.file("errors"))
        #expect(try child.ending() == .exited(0), "\(folder.text("errors"))")
    }
}
