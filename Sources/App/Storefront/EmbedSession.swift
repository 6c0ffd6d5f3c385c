import Core
import Crypto
import Store

/// A visitor of the storefront for a while. The token is signed rather than stored: any node knows it again, nobody else
/// can make one, and it says nothing of the person. It is signed with a key of the house that outlives a rotation of the
/// master key.
struct EmbedSession: Sendable {
    static let life = Timestamp.Span.hours(1)

    let visitor: String
    private let end: Timestamp

    /// A new visitor.
    init(at now: Timestamp) {
        visitor = RandomBytes.make(12).hex
        end = now + Self.life
    }

    /// Nil for a token that is not ours or whose time is over.
    init?(token: String, keys: HostKeys, now: Timestamp) {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 3, let milliseconds = Int64(parts[1]), let code = [UInt8](base64URL: parts[2]),
            keys.visits.isValid(code, for: Array("\(parts[0]).\(parts[1])".utf8)), milliseconds > now.milliseconds
        else { return nil }
        visitor = parts[0]
        end = Timestamp(milliseconds: milliseconds)
    }

    func token(keys: HostKeys) -> String {
        let text = "\(visitor).\(end.milliseconds)"
        return text + "." + keys.visits.code(for: text).base64URL
    }
}
