import Core
import Domain
package import HTTP

/// How much of a person's phone and addresses the one who looks may see: a viewer sees them masked, everywhere.
package struct PhoneDisplay: Sendable {
    package let isMasked: Bool

    package init(isMasked: Bool) { self.isMasked = isMasked }

    package init(for caller: Caller) {
        if case .user(_, _, let role, _) = caller { isMasked = role < .manager } else { isMasked = true }
    }

    /// Also for what a provider calls a person by, and for a phone as it was typed.
    package func phone(_ phone: String) -> String { isMasked ? MaskedPhone.text(phone) : phone }

    /// `a•••@•••`: the domain alone may name a person.
    package func email(_ email: String) -> String { isMasked ? email.prefix(1) + "•••@•••" : email }

    /// Free text, in which phones and addresses may stand: a message, a note, what a provider said.
    package func text(_ text: String) -> String { isMasked ? MaskedText.text(text) : text }

    /// What names a person: their name, else the phone, else the provider's id.
    package func name(first: String, last: String, phone: String?, bsuid: String? = nil) -> String? {
        let name = [first, last].filter { !$0.isEmpty }.joined(separator: " ")
        return name.isEmpty ? (phone ?? bsuid).map(self.phone) : name
    }
}
