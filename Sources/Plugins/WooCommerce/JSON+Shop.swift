import Core
import Text

/// Values as WooCommerce's REST API v3 writes them, of whatever they are a part.
extension JSON {
    /// The id of the thing itself: a whole number, kept as text.
    func shopID(_ name: String = "id") throws(JSONError) -> String {
        let id = try self[name].expectStringOrNumber()
        guard Self.isID(id) else { throw self[name].unexpected("expected a whole number") }
        return id
    }

    /// The id of another thing; nil for 0, which stands for none.
    var shopReference: String? { stringOrNumber.flatMap { $0 != "0" && Self.isID($0) ? $0 : nil } }

    /// WooCommerce writes what is not there as an empty text.
    var shopText: String? {
        guard let text = stringOrNumber, !text.trimmingBlanks.isEmpty else { return nil }
        return text
    }

    /// An address that a browser may open.
    var shopLink: String? {
        guard let text = string?.trimmingBlanks, text.utf8.count <= 2000, !text.contains(where: \.isWhitespace) else {
            return nil
        }
        let scheme = text.prefix(8).lowercased()
        return scheme.hasPrefix("https://") || scheme.hasPrefix("http://") ? String(text) : nil
    }

    /// A `*_gmt`: UTC without a zone, whole seconds. Nil where it says `null`.
    func shopTimeOrNil() throws(JSONError) -> Timestamp? {
        guard let text = string, !text.isEmpty else { return nil }
        guard let time = Timestamp(rfc3339: text) else { throw unexpected("expected a time") }
        return time
    }

    func shopTime() throws(JSONError) -> Timestamp {
        guard let time = try shopTimeOrNil() else { throw unexpected("expected a time") }
        return time
    }

    func unexpected(_ message: String) -> JSONError {
        JSONError(kind: .unexpected, path: path, message: message)
    }

    private static func isID(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 40 && text.utf8.allSatisfy { (48...57).contains($0) }
    }
}

extension String {
    /// Without white space at both ends.
    var trimmingBlanks: Substring { self[...].trimmingBlanks }
}

extension Substring {
    /// Without white space at both ends.
    var trimmingBlanks: Substring {
        var slice = self
        while slice.first?.isWhitespace == true { slice.removeFirst() }
        while slice.last?.isWhitespace == true { slice.removeLast() }
        return slice
    }
}
