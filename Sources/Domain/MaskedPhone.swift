/// A phone number as people see it who may look but not call (the role viewer).
package enum MaskedPhone {
    /// `+12••••••••23`: enough to tell two apart. Anything too short for that is wholly hidden.
    package static func text(_ phone: String) -> String {
        guard phone.count >= 8 else { return String(repeating: "•", count: phone.count) }
        return phone.prefix(3) + String(repeating: "•", count: phone.count - 5) + phone.suffix(2)
    }
}
