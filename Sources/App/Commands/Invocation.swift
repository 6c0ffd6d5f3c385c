import Core
import Crypto
import Database
import HTTP
import Localization
import Messaging
import PluginKit
import Templating

/// One call of a command: what it was given, and the world that it works in.
struct Invocation: Sendable {
    let operands: [String]
    let values: [Flag: String]
    let command: Command
    let plugins: [any Plugin]
    let terminal: Terminal
    let clock: any Clock

    subscript(flag: Flag) -> String? { values[flag] }

    func has(_ flag: Flag) -> Bool { values[flag] != nil }

    func require(_ flag: Flag) throws(UsageError) -> String {
        guard let value = values[flag] else { throw wrong("\(command.name) wants --\(flag.name)") }
        return value
    }

    /// One of the values of an enumeration.
    func choice<Choice: RawRepresentable & CaseIterable>(
        _ flag: Flag, _ text: String
    ) throws(UsageError) -> Choice where Choice.RawValue == String {
        guard let choice = Choice(rawValue: text) else {
            let all = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            throw wrong("--\(flag.name) is one of: \(all)")
        }
        return choice
    }

    func wrong(_ text: String) -> UsageError { UsageError(text, in: command) }

    var log: Log { Log(clock: clock, write: terminal.complain) }

    func print(_ line: String) throws { try terminal.write(Array((line + "\n").utf8)) }

    func print(_ listing: Listing) throws {
        try terminal.write(has(.json) ? listing.json : listing.text)
    }

    /// The whole of standard input without one newline at its end.
    func input() throws -> String {
        var bytes = try terminal.read()
        if bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw CommandFailure("the input is not UTF-8")
        }
        return text
    }
}

extension Invocation {
    /// Opens the database and the keys, or makes them where a new installation may begin, and closes them afterwards.
    func withFoundation<Result>(_ body: (Foundation) throws -> Result) throws -> Result {
        let foundation = try Foundation(HostOptions(self), plugins: plugins, clock: clock, log: log)
        defer { foundation.database.close() }
        return try body(foundation)
    }

    /// Builds the whole program with its plugins at work, but nothing running, and closes it afterwards.
    func withApplication<Result>(_ body: (Application) throws -> Result) throws -> Result {
        let resources = try Resources.find(self[.resources])
        let client = try CurlClient(version: Version.text, clock: clock)
        defer { client.close() }
        let host = try Host(
            HostOptions(self), plugins: plugins, resources: resources, client: client, clock: clock, log: log)
        defer { host.database.close() }
        return try body(Application(host, resources: resources))
    }

    /// As `withFoundation`, for what changes something, which a database that was moved away refuses.
    func withLiveFoundation<Result>(_ body: (Foundation) throws -> Result) throws -> Result {
        try withFoundation { foundation in
            try SourceHold.refuseWrites(to: foundation.database)
            return try body(foundation)
        }
    }

    /// As `withLiveFoundation`; a running server takes the change over before this returns.
    func changing(_ body: (Foundation) throws -> Void) throws {
        try withLiveFoundation(body)
        ControlSocket.askToReload(at: HostOptions(self).controlSocket)
    }
}

extension Invocation {
    /// The words of the pages, in English: a command says the same.
    func words() throws -> any TemplateWords {
        LocalWords(try Catalog.load(try Resources.find(self[.resources]).locales).words(for: "en"), zone: .utc)
    }
}

extension HostOptions {
    init(_ call: Invocation) {
        self.init()
        if let data = call[.data] { self.data = data }
        database = call[.database]
        keyFile = call[.keyFile]
        resources = call[.resources]
        instance = call[.instance]
        begins = call.command.begins
    }
}

/// Who has done what a command did, in the audit log.
enum CommandActor {
    static let name = "command line"
}
