package import Core
import Crypto

/// Hashes and compares passwords, a few at a time: each takes 19 MiB and a good part of a second of a core, and
/// anybody may ask for it at the sign-in page.
package struct PasswordDesk: Sendable {
    /// Throws `Turnstile.Full` when too many wait: 503.
    package let turnstile: Turnstile

    package init(atOnce width: Int = 2, waiting queue: Int = 32) {
        turnstile = Turnstile(width: width, queue: queue)
    }

    /// The password as it is stored.
    func hash(_ password: Secret) throws -> String {
        try turnstile.pass { try PasswordHash.make(password).text }
    }

    /// - Parameter stored: nil where there is no such account; that takes the same time.
    func matches(_ password: Secret, _ stored: String?) throws -> Bool {
        try turnstile.pass {
            guard let stored else {
                try PasswordHash.pretend(password)
                return false
            }
            return try PasswordHash(stored: stored).matches(password)
        }
    }
}
