import HTTP
import Text

/// A request to the doubled shop, with the address taken apart.
struct ShopRequest {
    let method: Method
    /// Under pretty permalinks the path itself, else what `rest_route` names.
    let path: String
    let query: QueryItems
    let headers: Headers
    let body: [UInt8]

    init(_ received: Received) {
        method = received.method
        query = QueryItems(received.query)
        path = received.path
        headers = received.headers
        body = received.body
    }

    /// The segments behind `/wp-json/wc/v3/`; nil for another path.
    var resource: [String]? {
        let prefix = "/wp-json/wc/v3/"
        guard path.hasPrefix(prefix) else { return nil }
        return path.dropFirst(prefix.count).split(separator: "/").map(String.init)
    }

    func json() throws(ShopError) -> ShopValue {
        if body.isEmpty { return .object([:]) }
        guard let json = try? JSON(parsing: body) else { throw .invalidJSON }
        return ShopValue(json)
    }
}

/// What it answers.
struct ShopAnswer {
    var status = 200
    var headers: Headers = ["Content-Type": "application/json; charset=UTF-8"]
    var body: [UInt8]

    init(_ value: ShopValue, status: Int = 200) {
        self.status = status
        body = value.encoded
    }

    init(html: String, status: Int = 200) {
        self.status = status
        headers = ["Content-Type": "text/html; charset=UTF-8"]
        body = Array(html.utf8)
    }

    init(redirect location: String) {
        status = 302
        headers = ["Location": location]
        body = []
    }
}
