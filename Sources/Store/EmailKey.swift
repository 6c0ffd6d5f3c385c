/// The form in which e-mail addresses are compared: without surrounding blanks, in lower case.
package enum EmailKey {
    package static func make(_ email: String) -> String {
        let bytes = Array(email.utf8)
        func isInk(_ byte: UInt8) -> Bool { byte > UInt8(ascii: " ") }
        guard let first = bytes.firstIndex(where: isInk), let last = bytes.lastIndex(where: isInk) else { return "" }
        return String(decoding: bytes[first...last], as: UTF8.self).lowercased()
    }
}
