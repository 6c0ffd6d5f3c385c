/// One `--flag` of the command line. Its environment twin is `CARTWRIGHT_` and its name in capitals.
package struct Flag: Sendable, Hashable {
    package let name: String
    /// What its value is called in the help; nil for a switch, which takes none.
    package let value: String?
    package let meaning: String

    init(_ name: String, _ value: String, _ meaning: String) {
        self.name = name
        self.value = value
        self.meaning = meaning
    }

    /// A switch.
    init(_ name: String, _ meaning: String) {
        self.name = name
        value = nil
        self.meaning = meaning
    }

    /// `--data DIR`, as the help writes it.
    var usage: String { "--" + name + (value.map { " " + $0 } ?? "") }

    /// `CARTWRIGHT_KEY_FILE` for `--key-file`.
    var variable: String { "CARTWRIGHT_" + String(name.uppercased().map { $0 == "-" ? "_" : $0 }) }
}

extension Flag {
    static let help = Flag("help", "says what a command does and takes")
    static let data = Flag("data", "DIR", "the folder of everything that is kept [./data]")
    static let database = Flag("database", "URL", "a SQLite file or a postgresql:// address [DIR/cartwright.db]")
    static let keyFile = Flag("key-file", "FILE", "the master key [DIR/master.key]")
    static let resources = Flag("resources", "DIR", "the folder of Templates, Public and Locales [found by itself]")
    static let instance = Flag(
        "instance", "NAME", "what this installation is called, where the machine's name changes [the machine]")
    static let json = Flag("json", "prints JSON")
    static let stdin = Flag("stdin", "takes the value from standard input, without one newline at its end")

    /// What every command takes.
    static let everywhere = [help, data, database]
}
