package import Core
import Crypto
import Glibc
package import HTTP
import Text

/// One webhook of a WooCommerce store, as it was recorded or written for us: it can be given another date, another
/// secret, and be sent again.
package struct WooCommerceReplay: Sendable, CustomStringConvertible {
    /// The name of its files: `011-order.created`.
    package let name: String
    /// `order.created`, or `ping`.
    package let topic: String
    /// What it was signed with; nil for a ping.
    package private(set) var secret: String?
    package private(set) var headers: Headers
    package private(set) var body: [UInt8]
    private let target: Target

    /// Deliveries of a real store; empty on a machine that does not have them.
    package static let recorded = load("../shared/data/woocommerce/deliveries")
    /// The few that lie in this repository, each another shape.
    package static let fixtures = load("Tests/Fixtures/woocommerce")

    package static func fixture(_ name: String) -> WooCommerceReplay? { fixtures.first { $0.name == name } }
    package static func recording(_ name: String) -> WooCommerceReplay? { recorded.first { $0.name == name } }

    package var description: String { name }

    /// As it comes over the wire, to `/hooks/woocommerce`.
    package var request: Request {
        Request(method: .post, target: target, headers: headers, body: body)
    }

    /// Moves every `date_…` of the body by whole seconds, as if all had happened then. The body keeps its length.
    package func redated(by span: Timestamp.Span) -> WooCommerceReplay {
        var moved = self
        let text = String(decoding: body, as: UTF8.self)
        moved.body = Array(
            text.replacing(/("date_[a-z_]+":")([0-9T:-]{19})(")/) { match in
                guard let time = Timestamp(rfc3339: String(match.2)) else { return String(match.0) }
                return "\(match.1)\((time + span).rfc3339.prefix(19))\(match.3)"
            }.utf8)
        return secret.map(moved.signed) ?? moved
    }

    /// Moves all dates so that the last change is at `time`, cut to whole seconds.
    package func redated(to time: Timestamp) -> WooCommerceReplay {
        guard let changed = lastChange else { return self }
        let moved = time - changed
        return redated(by: .seconds(moved.milliseconds / 1000))
    }

    /// `date_modified_gmt`; nil where there is none.
    package var lastChange: Timestamp? {
        (try? JSON(parsing: body))?["date_modified_gmt"].string.flatMap { Timestamp(rfc3339: $0) }
    }

    /// Signed anew.
    package func signed(_ secret: String) -> WooCommerceReplay {
        var signed = self
        signed.secret = secret
        signed.headers["X-WC-Webhook-Signature"] = Signature(key: Secret(secret)).code(for: body).base64
        signed.headers["Content-Length"] = String(body.count)
        return signed
    }

    /// The same headers around another body, signed with the same secret.
    package func with(body: [UInt8]) -> WooCommerceReplay {
        var changed = self
        changed.body = body
        return secret.map(changed.signed) ?? changed
    }

    private static func load(_ folder: String) -> [WooCommerceReplay] {
        guard let directory = opendir("\(RepositoryFile.root)/\(folder)") else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name.hasSuffix(".body") { names.append(String(name.dropLast(5))) }
        }
        return names.sorted().compactMap { WooCommerceReplay(name: $0, in: folder) }
    }

    private init?(name: String, in folder: String) {
        guard let body = RepositoryFile.read("\(folder)/\(name).body"),
            let about = RepositoryFile.read("\(folder)/\(name).json"), let json = try? JSON(parsing: about),
            let topic = json["topic"].string, let fields = json["headers"].object,
            let target = Target("/hooks/woocommerce")
        else { return nil }
        self.name = name
        self.topic = topic
        self.body = body
        self.target = target
        secret = json["secret"].string
        headers = Headers(fields.map { Headers.Field(name: $0.key, value: $0.value.string ?? "") })
    }
}
