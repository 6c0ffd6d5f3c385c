import Core
import Crypto

/// A visitor of the storefront for a while. The token is sealed rather than stored: any node knows it again, nobody
/// else can make one, and it says nothing of the person.
struct EmbedSession: Sendable {
    static let life = Timestamp.Span.hours(1)
    private static let name = "embed.session"

    let visitor: String
    private let end: Timestamp

    /// A new visitor.
    init(at now: Timestamp) {
        visitor = RandomBytes.make(12).hex
        end = now + Self.life
    }

    /// Nil for a token that is not ours or whose time is over.
    init?(token: String, sealer: Sealer, now: Timestamp) {
        guard let sealed = [UInt8](base64URL: token), let clear = try? sealer.open(sealed, name: Self.name) else {
            return nil
        }
        let parts = String(decoding: clear, as: UTF8.self).split(separator: " ")
        guard parts.count == 2, let milliseconds = Int64(parts[1]), milliseconds > now.milliseconds else { return nil }
        visitor = String(parts[0])
        end = Timestamp(milliseconds: milliseconds)
    }

    func token(sealer: Sealer) -> String {
        sealer.seal(Array("\(visitor) \(end.milliseconds)".utf8), name: Self.name).base64URL
    }
}
