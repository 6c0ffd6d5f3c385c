import HTTP
import Templating

/// Whether a shop can send webhooks to this server at all, as far as the two addresses tell.
///
/// WordPress refuses to call private addresses, IPv6 literals and ports other than 80, 443 and 8080, unless it is the
/// shop's own host (`wp_http_validate_url`); WooCommerce then says nothing.
struct HookReach {
    /// Why nothing will arrive; nil when nothing speaks against it.
    let obstacle: Word?
    /// What arrives may be read on its way.
    let isPlain: Bool

    init(publicURL: String, shop: ShopAddress?) {
        guard let own = ShopAddress(publicURL) else {
            obstacle = Word("shop.reach.no_address")
            isPlain = false
            return
        }
        isPlain = !own.isSecure
        let port = own.port ?? (own.isSecure ? 443 : 80)
        let isSameHost = own.host == shop?.host
        let url = ["url": WordArgument.text(own.text)]
        if !isSameHost, own.host.hasPrefix("[") {
            obstacle = Word("shop.reach.ipv6", url)
        } else if !isSameHost, Self.isPrivate(own.hostName) {
            obstacle = Word("shop.reach.private", url)
        } else if ![80, 443, 8080].contains(port), !(isSameHost && port == shop?.port) {
            obstacle = Word("shop.reach.port", ["url": .text(own.text), "port": .text(String(port))])
        } else {
            obstacle = nil
        }
    }

    /// Names that only a local network knows, and addresses that are nobody's on the internet.
    private static func isPrivate(_ host: String) -> Bool {
        if let address = IPAddress(host) { return !address.isPublic }
        let name = host.hasSuffix(".") ? host.dropLast() : host[...]
        return !name.contains(".")
            || [".local", ".localhost", ".internal", ".lan", ".home.arpa"].contains {
                name.hasSuffix($0)
            }
    }
}
