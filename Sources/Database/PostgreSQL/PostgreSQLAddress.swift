import CDatabase
import Core
import SQL

/// An address as it was given, read apart: what libpq understands, and the parameters of our own.
struct PostgreSQLAddress: Sendable {
    /// For libpq alone: it may hold a password.
    let libpq: Secret
    /// `pool_size=N`: how many connections this process may hold.
    let poolSize: Int?
    /// `pgbouncer=true`: each transaction may meet another server connection, so nothing may outlive one.
    let usesPgBouncer: Bool
    /// Settings that `options` names, where they cannot be set for a whole connection.
    let settings: [(name: String, value: String)]

    init(parsing address: Secret) throws(DatabaseError) {
        // Nothing that is said about an address may quote it.
        let parts = address.reveal().split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        var kept: [Substring] = []
        var poolSize: Int?
        var usesPgBouncer = false
        var options = ""
        for parameter in parts.dropFirst().first?.split(separator: "&") ?? [] {
            let pair = parameter.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let value = pair.count == 2 ? String(pair[1]) : ""
            switch pair[0] {
            case "pool_size":
                guard let size = Int(value), (1...1000).contains(size) else {
                    throw .address("pool_size is a number from 1 to 1000")
                }
                poolSize = size
            case "pgbouncer":
                guard ["true", "false"].contains(value) else { throw .address("pgbouncer is true or false") }
                usesPgBouncer = value == "true"
            case "options":
                options = value
            default:
                try Self.check(pair[0])
                kept.append(parameter)
            }
        }
        if !options.isEmpty, !usesPgBouncer { kept.append("options=" + options) }
        settings = usesPgBouncer ? try Self.settings(in: Self.decoded(options)) : []
        libpq = Secret(kept.isEmpty ? String(parts[0]) : parts[0] + "?" + kept.joined(separator: "&"))
        self.poolSize = poolSize
        self.usesPgBouncer = usesPgBouncer
        guard let parsed = PQconninfoParse(libpq.reveal(), nil) else { throw .address(Self.form) }
        PQconninfoFree(parsed)
    }

    static let example = "postgresql://USER:PASSWORD@HOST:PORT/DATABASE"

    private static let form =
        "it reads \(example), "
        + "with % and two digits for characters such as @ : / ? # in a password"

    /// Whether it is libpq's other form, `host=db.example dbname=shop`.
    static func isWords(_ text: String) -> Bool {
        guard let end = text.firstIndex(of: "=") else { return false }
        let name = text[..<end].split(separator: " ")
        return name.count == 1 && known.contains(String(name[0]))
    }

    /// A parameter that libpq does not know is named, if it looks like one: it might be the rest of a password.
    private static func check(_ name: Substring) throws(DatabaseError) {
        guard !known.contains(String(name)) else { return }
        guard name.utf8.allSatisfy({ (0x61...0x7a).contains($0) || $0 == UInt8(ascii: "_") }) else {
            throw .address(form)
        }
        throw .address("its parameter \(name) is not known; correct or remove it")
    }

    /// libpq's own list, and the one spelling it takes for the sake of JDBC.
    private static let known: Set<String> = {
        var names: Set<String> = ["ssl"]
        guard let list = PQconndefaults() else { return names }
        defer { PQconninfoFree(list) }
        var option = list
        while let name = option.pointee.keyword {
            names.insert(String(cString: name))
            option += 1
        }
        return names
    }()

    /// Reads `-c name=value`, `-cname=value` and `--name=value`.
    private static func settings(in options: String) throws(DatabaseError) -> [(name: String, value: String)] {
        var settings: [(name: String, value: String)] = []
        var isAwaited = false
        for word in options.split(separator: " ") {
            if word == "-c" {
                isAwaited = true
                continue
            }
            let text = isAwaited ? word : word.hasPrefix("--") || word.hasPrefix("-c") ? word.dropFirst(2) : ""
            isAwaited = false
            let pair = text.split(separator: "=", maxSplits: 1)
            guard pair.count == 2 else { throw .address("with pgbouncer=true its options hold only -c name=value") }
            settings.append((String(pair[0]), String(pair[1])))
        }
        return settings
    }

    private static func decoded(_ text: String) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), let code = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) {
                bytes.append(code)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension DatabaseError {
    fileprivate static func address(_ words: String) -> DatabaseError {
        DatabaseError(kind: .misuse, message: "the PostgreSQL address cannot be used: \(words)")
    }
}
