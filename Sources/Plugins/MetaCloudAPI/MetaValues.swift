import Core
import Text

/// A person as Meta names them: by phone, by its business-scoped user id, or both.
struct MetaPerson: Equatable {
    /// E.164 with `+`.
    var phone: String?
    var bsuid: String?

    /// - Parameter phone: digits without `+`. Some senders put the user id here; it has letters and a dot.
    init(phone: JSON, userID: JSON?) {
        let named = phone.stringOrNumber ?? ""
        let digits = named.hasPrefix("+") ? String(named.dropFirst()) : named
        if (7...15).contains(digits.utf8.count), digits.utf8.allSatisfy({ (48...57).contains($0) }) {
            self.phone = "+" + digits
        }
        let user = userID?.string ?? ""
        if !user.isEmpty {
            bsuid = user
        } else if self.phone == nil, named.contains(".") {
            bsuid = named
        }
    }
}

/// Meta's times: whole seconds since 1970, as text in most places and as a number in some.
enum MetaTime {
    static func read(_ json: JSON) throws(JSONError) -> Timestamp {
        let text = try json.expectStringOrNumber()
        // Twelve digits reach the year 33658; more would not be a time.
        guard text.utf8.count <= 12, let seconds = Int64(text), seconds > 0 else {
            throw JSONError(kind: .unexpected, path: json.path, message: "expected seconds since 1970")
        }
        return Timestamp(seconds: seconds)
    }
}
