import Core
import Domain

/// What each of Meta's error codes means for the message, and for what stands behind it.
///
/// Meta asks to go by the code: HTTP statuses, subcodes and titles are not reliable.
enum ErrorTable {
    /// Nil for a code that we do not know.
    static func failureClass(of code: Int) -> FailureClass? {
        switch code {
        // Calls, throughput or maintenance: Meta is there, but not for us at this moment.
        case 2, 4, 17, 613, 80007, 80008, 130429, 131016, 131057, 133004, 134101: .tryLater
        // Something of Meta's own went wrong.
        case 131000: .providerTrouble
        // This person has had too much: from this number (pair rate), or of marketing by anybody.
        case 131049, 131056: .slowPerson
        // Not on WhatsApp, blocked, opted out, in an experiment, in a country we may not write to, ourselves, or hidden
        // behind a user id that this message may not go to.
        case 130403, 130472, 130497, 131021, 131026, 131050, 131062: .stopPerson
        // Missing, paused, disabled, against policy, or of another shape than our call.
        case 131055, 131061, 131063, 132000, 132001, 132007, 132012, 132015, 132016, 132068, 132069, 134100, 134102:
            .stopTemplate
        // Token, permissions, policy, payment, registration: nothing leaves until a person has looked.
        case 0, 3, 10, 33, 190, 200...299, 368, 130401, 131005, 131030, 131031, 131037, 131042, 131045, 131048, 131064,
            133000, 133005, 133006, 133008, 133009, 133010, 133015, 133016, 134011:
            .stopNumber
        // Requests that we should not have made; among them free text outside the window (131047), and a text that is
        // too long or malformed for this one person (132005, 132018).
        case 1, 100, 104, 131008, 131009, 131047, 131051, 131052, 131053, 132005, 132018, 135000: .ourBug
        default: nil
        }
    }

    /// Not on WhatsApp, or with a client too old: the one code that says so.
    static func isUnreachable(_ code: Int) -> Bool { code == 131026 }

    /// The shortest time that makes another try worth while; nil where the ledger's own back-off serves.
    static func leastWait(after code: Int) -> Timestamp.Span? {
        switch code {
        // Limits counted by the hour.
        case 4, 17, 613, 80007, 80008, 134101: .minutes(10)
        // An upgrade of the number's throughput takes about a minute.
        case 131057: .minutes(1)
        // Trying sooner has Meta block this person for us for a day.
        case 131049: .hours(24)
        default: nil
        }
    }
}
