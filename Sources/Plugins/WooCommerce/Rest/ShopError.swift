package import Templating

/// Why the shop was not asked, or gave no answer to work with.
package struct ShopError: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Kind: Sendable, Equatable {
        /// Address or keys are missing.
        case notSetUp
        /// The keys are stored, but no present key of ours opens them.
        case keysUnreadable
        /// No such name, no connection.
        case unreachable
        /// Its certificate is not to be trusted.
        case certificate
        case timedOut
        /// It sends callers to another address, which we do not follow with keys in hand.
        case moved(to: String)
        /// 401 with the shop's code; empty where the shop gave none.
        case refusedKeys(code: String)
        /// They may read, and nothing more.
        case readOnlyKeys
        /// Something in front of the shop, or the shop for this key, says no.
        case forbidden
        /// WordPress writes its addresses in the plain way, and WooCommerce then reads no keys.
        case plainPermalinks
        case notFound
        /// The shop understood and says no; its own code and words.
        case refused(code: String, message: String, status: Int)
        case notWooCommerce
        /// Not the JSON that was asked for.
        case unreadable
        /// The shop's own failure, or that of the server before it.
        case server(status: Int)
        /// Asked too often.
        case busy
    }

    package let kind: Kind
    /// The shop's host; empty where there is none yet.
    package let host: String
    /// For logs and jobs: names places, never a value of a setting.
    package let detail: String
    /// The shop's `Retry-After`, as it came.
    package let retryAfter: String?

    package init(_ kind: Kind, host: String, detail: String, retryAfter: String? = nil) {
        self.kind = kind
        self.host = host
        self.detail = detail
        self.retryAfter = retryAfter
    }

    package var description: String { host.isEmpty ? detail : "\(host): \(detail)" }

    /// Whether the same may go well later without anybody doing anything.
    package var isPassing: Bool {
        switch kind {
        case .unreachable, .timedOut, .server, .busy: true
        default: false
        }
    }

    /// Whether nothing gets better before a person has acted.
    package var needsPerson: Bool {
        switch kind {
        case .forbidden, .moved, .certificate, .notWooCommerce: true
        default: concernsKeys
        }
    }

    /// Whether a person has to look after the keys.
    package var concernsKeys: Bool {
        switch kind {
        case .notSetUp, .keysUnreadable, .refusedKeys, .readOnlyKeys, .plainPermalinks: true
        default: false
        }
    }

    /// What happened and what to do, for people.
    package var word: Word {
        switch kind {
        case .notSetUp: Word("shop.error.not_set_up")
        case .keysUnreadable: Word("shop.error.keys_unreadable")
        case .unreachable: Word("shop.error.unreachable", ["host": .text(host)])
        case .certificate: Word("shop.error.certificate", ["host": .text(host)])
        case .timedOut: Word("shop.error.timed_out", ["host": .text(host)])
        case .moved(let address): Word("shop.error.moved", ["address": .text(address)])
        case .refusedKeys(let code) where code.isEmpty: Word("shop.error.password_wall", ["host": .text(host)])
        case .refusedKeys: Word("shop.error.refused_keys", ["message": .text(detail)])
        case .readOnlyKeys: Word("shop.error.read_only_keys")
        case .forbidden: Word("shop.error.forbidden", ["message": .text(detail)])
        case .plainPermalinks: Word("shop.error.plain_permalinks")
        case .notFound: Word("shop.error.not_found", ["message": .text(detail)])
        case .refused(_, let message, _): Word("shop.error.refused", ["message": .text(message)])
        case .notWooCommerce: Word("shop.error.not_woocommerce", ["host": .text(host)])
        case .unreadable: Word("shop.error.unreadable", ["message": .text(detail)])
        case .server(let status): Word("shop.error.server", ["status": .text(String(status))])
        case .busy: Word("shop.error.busy")
        }
    }
}
