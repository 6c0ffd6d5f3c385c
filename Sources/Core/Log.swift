import Glibc

/// The program's log: one JSON object a line on standard error. Never a secret, a phone number or a message text:
/// callers pass ids and counts.
package struct Log: Sendable {
    package enum Level: String, Sendable, Comparable {
        case debug, info, warning, error

        package static func < (a: Level, b: Level) -> Bool { a.rank < b.rank }

        private var rank: Int {
            switch self {
            case .debug: 0
            case .info: 1
            case .warning: 2
            case .error: 3
            }
        }
    }

    package enum Field: Sendable, ExpressibleByStringLiteral, ExpressibleByIntegerLiteral {
        case text(String)
        case number(Int64)

        package init(stringLiteral value: String) { self = .text(value) }
        package init(integerLiteral value: Int64) { self = .number(value) }
        package init(_ value: Int) { self = .number(Int64(value)) }
        package init(_ value: String) { self = .text(value) }

        /// A `LoggableError` in its own words, of any other only what it is: its words may quote what a customer wrote
        /// or a provider echoed. Where people look they are kept (a job's last error, a delivery's note).
        package static func error(_ error: any Error) -> Field {
            guard let loggable = error as? any LoggableError else { return .text(String(reflecting: type(of: error))) }
            return .text(LogText.masked(String(describing: loggable)))
        }
    }

    private let clock: any Clock
    private let least: Level
    private let write: @Sendable ([UInt8]) -> Void

    /// - Parameter write: takes one finished line with its newline; standard error unless a test listens.
    package init(
        clock: any Clock, least: Level = .info,
        write: @escaping @Sendable ([UInt8]) -> Void = { line in
            line.withUnsafeBytes { _ = Glibc.write(2, $0.baseAddress, $0.count) }
        }
    ) {
        self.clock = clock
        self.least = least
        self.write = write
    }

    package func debug(_ event: String, _ fields: KeyValuePairs<String, Field> = [:]) { log(.debug, event, fields) }
    package func info(_ event: String, _ fields: KeyValuePairs<String, Field> = [:]) { log(.info, event, fields) }
    package func warning(_ event: String, _ fields: KeyValuePairs<String, Field> = [:]) { log(.warning, event, fields) }
    package func error(_ event: String, _ fields: KeyValuePairs<String, Field> = [:]) { log(.error, event, fields) }

    private func log(_ level: Level, _ event: String, _ fields: KeyValuePairs<String, Field>) {
        guard level >= least else { return }
        var line =
            "{\"at\":\"\(clock.now().rfc3339)\",\"level\":\"\(level.rawValue)\",\"event\":\(JSONText.quoted(event))"
        for (key, field) in fields {
            line += ",\(JSONText.quoted(key)):"
            switch field {
            case .text(let text): line += JSONText.quoted(text)
            case .number(let number): line += String(number)
            }
        }
        line += "}\n"
        write(Array(line.utf8))
    }
}
