import Core
import HTTP

/// What a visitor means to buy. It lives in a cookie of ids and quantities: the server keeps nothing of it, and it
/// tells nothing of the person.
struct Cart: Sendable, Equatable {
    struct Line: Sendable, Equatable {
        var product: Product
        var quantity: Int
    }

    static let most = 99
    private static let cookie = "cartwright_cart"

    private(set) var lines: [Line] = []

    init() {}

    /// The cookie is the visitor's to write: what cannot be read in it is left out.
    init(_ request: Request) {
        for piece in request.cookies[Self.cookie]?.split(separator: "|") ?? [] {
            let halves = piece.split(separator: ":")
            guard halves.count == 2, let product = Product.find(String(halves[0])), let quantity = Int(halves[1])
            else { continue }
            put(product, quantity)
        }
    }

    var count: Int { lines.reduce(0) { $0 + $1.quantity } }
    var isEmpty: Bool { lines.isEmpty }
    /// In minor units.
    var total: Int64 { lines.reduce(0) { $0 + $1.sum } }

    mutating func add(_ product: Product, _ quantity: Int) {
        let present = lines.first { $0.product == product }?.quantity ?? 0
        put(product, present + min(max(quantity, 0), Self.most))
    }

    /// Nought takes the product out; more than anybody needs becomes the most there is.
    mutating func put(_ product: Product, _ quantity: Int) {
        let quantity = min(quantity, Self.most)
        let place = lines.firstIndex { $0.product == product }
        switch (place, quantity > 0) {
        case (let place?, true): lines[place].quantity = quantity
        case (let place?, false): lines.remove(at: place)
        case (nil, true): lines.append(Line(product: product, quantity: quantity))
        case (nil, false): break
        }
    }

    /// Puts the cart into the answer; an empty one takes the cookie away.
    func save(in response: inout Response, _ context: Context) {
        let value = lines.map { "\($0.product.id):\($0.quantity)" }.joined(separator: "|")
        var cookie = SetCookie(Self.cookie, value, maxAge: isEmpty ? 0 : nil, secure: context.isSecure)
        cookie.path = "/shop"
        response.set(cookie)
    }
}

extension Cart.Line {
    /// In minor units.
    var sum: Int64 { product.price * Int64(quantity) }
}
