import Core
import HTTP

/// The person at the page.
struct SignedIn: Sendable {
    let id: ID
    let email: String
    let role: Role
    let session: ID
    let display: PhoneDisplay

    /// Routes of the admin let only people in; anybody else got here by a mistake of ours.
    init(_ context: Context) throws {
        guard case .user(let id, let email, let role, let session) = context.caller else {
            throw Refusal(403, "Sign in first.")
        }
        self.id = id
        self.email = email
        self.role = role
        self.session = session
        display = PhoneDisplay(for: context.caller)
    }

    var canWrite: Bool { role >= .manager }
    var isOwner: Bool { role == .owner }
}
