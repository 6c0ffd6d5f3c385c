import Core
import TestSupport

/// What the tests of troubled disks bring to a server: a shop's key, and orders of a size that fills something.
enum DiskShop {
    static func set(_ settings: [String: String], in data: String) throws {
        for (key, value) in settings {
            let run = try Cartwright.run(["settings", "set", key, value, "--data", data])
            guard run.status == 0 else { throw ProcessFailure(run.errors) }
        }
    }

    static func token(in data: String) throws -> String {
        let run = try Cartwright.run(["token", "create", "--name", "shop", "--scope", "write", "--data", data])
        return String(run.output.dropLast())
    }

    /// - Parameter items: half a kilobyte each, and somewhat more in the database.
    static func order(_ number: Int, items: Int = 30) -> String {
        let areas = [202, 206, 212, 213, 214, 215, 216, 217, 218, 219]
        let phone = "+1\(areas[number / 100 % 10])5550\(number % 100 + 100)"
        let name = String(repeating: "x", count: 490)
        let item = #"{"name":"\#(name)","quantity":1,"total":{"amount":"1.00","currency":"USD"}}"#
        return """
            {"id":"\(number)","number":"\(number)","status":"processing","created_at":"2026-11-20T10:20:00Z",
             "updated_at":"2026-11-20T10:20:00Z","total":{"amount":"29.90","currency":"USD"},
             "customer":{"first_name":"Ana","phone":"\(phone)","country":"US"},"consent":{"orders":true},
             "items":[\(Array(repeating: item, count: items).joined(separator: ","))]}
            """
    }

    /// Asks until it is so; nobody outside is told of what the server does by itself.
    static func eventually(within limit: Timestamp.Span, _ isSo: () throws -> Bool) throws -> Bool {
        let end = SystemClock().sinceBoot() + limit
        while try !isSo() {
            guard SystemClock().sinceBoot() < end else { return false }
            _ = Monitor(()).wait(atMost: .milliseconds(50)) { _ in Void?.none }
        }
        return true
    }
}
