import Testing

/// How a command line is read.
@Suite struct `The command line` {
    struct Case: Sendable, CustomTestStringConvertible {
        var arguments: [String]
        var environment: [String: String] = [:]
        var complaint: String

        init(_ line: String, _ complaint: String) { self.init(line, [:], complaint) }

        init(_ line: String, _ environment: [String: String], _ complaint: String) {
            arguments = line.split(separator: " ").map(String.init)
            self.environment = environment
            self.complaint = complaint
        }

        var testDescription: String { arguments.joined(separator: " ") }
    }

    @Test(arguments: [
        Case("", "a command is missing"),
        Case("sereve", "there is no command sereve"),
        Case("settings", "settings is followed by one of: settings list, settings get, settings set"),
        Case("settings lst", "settings is followed by one of"),
        Case("settings list --frobnicate", "there is no flag --frobnicate"),
        Case("settings list --stdin", "settings list does not take --stdin"),
        Case("settings list more", "settings list was given a word too many"),
        Case("settings get", "settings get wants KEY"),
        Case("settings set site.name", "settings set wants either VALUE or --stdin"),
        Case("settings set site.name x --stdin", "settings set wants either VALUE or --stdin"),
        Case("settings list --json=yes", "--json takes no value"),
        Case("settings list --json --json", "--json is given twice"),
        Case("settings list --key-file", "--key-file wants a value"),
        Case("settings list --key-file --json", "--key-file wants a value"),
        Case("settings list", ["CARTWRIGHT_JSON": "perhaps"], "CARTWRIGHT_JSON is true or false, not perhaps"),
        Case("user add --email ana@example.com --password-stdin", "user add wants --role"),
        Case(
            "user add --email ana@example.com --role boss --password-stdin", "--role is one of: viewer, manager, owner"),
        Case("user add --email ana --role owner --password-stdin", "ana is not an e-mail address"),
        Case("user add --email ana@example.com --role owner", "user add wants --password-stdin"),
        Case("token create", "token create wants --name"),
        Case("token create --name x --scope all", "--scope is one of: read, write, admin"),
        Case("serve --listen 8080", "--listen wants an address and a port"),
        Case("serve --listen shop.example:80", "--listen wants an address and a port"),
        Case("serve --public-url shop.example", "--public-url wants an http or https address"),
        Case("serve --trusted-proxies 10.0.0.0/8,proxy", "--trusted-proxies: proxy is not an address or a range"),
        Case("render a.mustache b.json --mode html", "--mode is one of: spec, page, text"),
    ])
    func `refuses what it does not know, and says how it is used`(line: Case) throws {
        let bench = try CommandBench()
        let run = bench.run(line.arguments, environment: line.environment, withData: false)
        #expect(run.status == 2)
        #expect(run.output.isEmpty)
        let lines = run.errors.split(separator: "\n")
        try #require(lines.count == 2, "\(run.errors)")
        #expect(lines[0].hasPrefix("cartwright: " + line.complaint))
        #expect(lines[1].hasPrefix("usage: cartwright "))
    }

    @Test(arguments: [
        ["--data", "DATA", "settings", "get", "site.name"], ["settings", "--data=DATA", "get", "site.name"],
        ["settings", "get", "site.name", "--data", "DATA"], ["settings", "get", "--data=DATA", "--", "site.name"],
    ])
    func `takes flags anywhere, with a blank or an equals sign`(arguments: [String]) throws {
        let bench = try CommandBench()
        #expect(bench("settings", "set", "site.name", "--", "--a name--").status == 2)
        #expect(
            bench.run(["--data", bench.data, "settings", "set", "site.name", "--", "--x"], withData: false).status == 0)
        let words = arguments.map {
            $0.split(separator: "DATA", omittingEmptySubsequences: false).joined(separator: bench.data)
        }
        let run = bench.run(words, withData: false)
        #expect(run.output == "--x\n")
    }

    @Test func `takes each flag from the environment, where the flag itself says nothing`() throws {
        let bench = try CommandBench()
        #expect(bench("settings", "set", "site.name", "Wool").status == 0)
        let fromEnvironment = bench.run(
            ["settings", "get", "site.name"], environment: ["CARTWRIGHT_DATA": bench.data], withData: false)
        #expect(fromEnvironment.output == "Wool\n")
        let flagWins = bench.run(["settings", "get", "site.name"], environment: ["CARTWRIGHT_DATA": "/nowhere"])
        #expect(flagWins.output == "Wool\n")
        let json = bench.run(["token", "list"], environment: ["CARTWRIGHT_JSON": "1"])
        #expect(json.output == "[]\n")
        let text = bench.run(["token", "list"], environment: ["CARTWRIGHT_JSON": "off"])
        #expect(text.output.hasPrefix("id\tname\tscope\t"))
    }

    @Test func `explains itself, and every command on its own`() throws {
        let bench = try CommandBench()
        let overview = bench.run(["--help"], withData: false)
        #expect(overview.status == 0)
        let names = overview.lines.filter { $0.hasPrefix("  ") }.compactMap { $0.split(separator: "  ").first }
        #expect(names.contains("serve") && names.contains("settings set") && names.contains("version"))
        for name in names {
            let words = name.split(separator: " ").map(String.init)
            let help = bench.run(words + ["--help"], withData: false)
            #expect(help.status == 0, "\(name)")
            #expect(help.output.hasPrefix("usage: cartwright \(name)"))
            #expect(help.output.contains("--data DIR"))
        }
    }

    @Test func `says its version and its hooks without a folder`() throws {
        let bench = try CommandBench()
        #expect(bench.run(["version"], withData: false).output == "cartwright 0.1.0\n")
        let hooks = bench.run(["hooks"], withData: false)
        #expect(hooks.lines.first == "id\tkind\tvalue\twhen")
        #expect(hooks.lines.contains { $0.hasPrefix("cartwright_message_draft\tfilter\t") })
    }

    @Test func `lists every route with who may use it`() throws {
        let bench = try CommandBench()
        let run = bench("routes")
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.lines.first == "method\tpath\taccess")
        #expect(run.lines.contains("GET\t/healthz\tpublic"))
        #expect(run.lines.contains("POST\t/admin/logout\tviewer"))
    }
}
