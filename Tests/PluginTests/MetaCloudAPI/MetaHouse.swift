import Core
import Domain
import HTTP
import MetaCloudAPI
import PluginKit
import TestSupport
import Text

/// The Meta plugin, set up as after the wizard, in surroundings of the test's own.
struct MetaHouse {
    static let secret = Secret("0123456789abcdef0123456789abcdef")

    let house: PluginContextDouble
    let parts: PluginParts
    let channel: any Channel

    /// - Parameter settings: on top of the complete ones; nil takes one away.
    init(_ settings: [String: String?] = [:]) throws {
        house = try PluginContextDouble()
        let complete: [String: String?] = [
            "meta.phone_number_id": "100000000000001", "meta.waba_id": "200000000000001",
            "meta.access_token": "token-1", "meta.app_secret": Self.secret.reveal(),
            "meta.verify_token": "example-verify-token", "meta.graph_url": "https://graph.example/",
        ]
        for (key, value) in complete.merging(settings, uniquingKeysWith: { $1 }) { house.settings[key] = value }
        parts = try MetaCloudAPIPlugin().parts(house.context)
        channel = parts.channels[0]
    }

    /// A plugin's answer to a request of Meta's.
    func answer(_ method: Method, _ target: String, headers: Headers = [:], body: [UInt8] = []) throws -> Response {
        try parts.answer(method, target, headers: headers, body: body, at: house.clock)
    }

    /// What the reader of the plugin makes of a delivery.
    func meaning(of body: [UInt8]) -> DeliveryMeaning {
        parts.deliveryReaders[0].read(
            Delivery(
                id: ID(1), endpoint: "meta", topic: "messages", receivedAt: house.clock.now(), body: body, lane: nil))
    }

    /// The effects of one change of a field.
    func effects(field: String = "messages", _ value: String) -> [DeliveryEffect] {
        let body =
            #"{"object":"whatsapp_business_account","entry":[{"id":"2","changes":[{"field":"\#(field)","value":\#(value)}]}]}"#
        guard case .effects(let effects) = meaning(of: Array(body.utf8)) else { return [] }
        return effects
    }

    func message(
        _ body: OutgoingMessage.Body, phone: String? = "+12025550123", bsuid: String? = nil
    ) -> OutgoingMessage {
        OutgoingMessage(
            attempt: AttemptRef(messageID: ID(77), number: 2), phone: phone, bsuid: bsuid, purpose: .orders, body: body)
    }

    /// The request by which a message leaves.
    func request(_ message: OutgoingMessage) throws -> OutboundRequest {
        guard case .http(let request) = try channel.call(message) else { throw NotHTTP() }
        return request
    }

    struct NotHTTP: Error {}
}

/// Bodies that Meta has published or that follow its documentation, where they lie beside the repository.
enum MetaExamples {
    private static let folder = "../shared/data/meta-examples/"

    /// The names without `.json`, in the order of their list; empty when they are not there.
    static let names: [String] = {
        guard let bytes = RepositoryFile.read(folder + "manifest.json"), let list = try? JSON(parsing: bytes)
        else { return [] }
        return (list.array ?? []).compactMap { $0["name"].string }
    }()

    static func names(_ prefix: String) -> [String] { names.filter { $0.hasPrefix(prefix) } }

    static func bytes(_ name: String) throws -> [UInt8] {
        guard let bytes = RepositoryFile.read(folder + name + ".json") else { throw Missing(name: name) }
        return bytes
    }

    static func json(_ name: String) throws -> JSON { try JSON(parsing: bytes(name), name: name) }

    struct Missing: Error { let name: String }
}
