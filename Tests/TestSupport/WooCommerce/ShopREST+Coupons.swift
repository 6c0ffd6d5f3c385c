import Core
import HTTP

// Coupons: what WooCommerce takes, what it refuses, and what it drops without a word.
extension ShopREST {
    func coupons(
        _ request: ShopRequest, _ path: [String], _ state: inout ShopState
    ) throws(ShopError) -> ShopAnswer {
        if path.isEmpty {
            if request.method == .post { return ShopAnswer(try create(try request.json(), &state), status: 201) }
            var rows = Array(state.coupons.values)
            if let code = request.query["code"] {
                rows = rows.filter { $0["code"].string == Self.code(code) }
            }
            return try ShopList(query: request.query, offset: state.offset, orders: Self.dated).page(of: rows)
        }
        if path == ["batch"] { return try batch(try request.json(), &state) }
        guard let id = Int(path[0]), let coupon = state.coupons[id] else { throw .invalidID("shop_coupon") }
        switch request.method {
        case .get: return ShopAnswer(coupon)
        case .put, .post:
            var fields = try checked(try request.json(), besides: id, state)
            fields["id"] = .number(id)
            state.change(\.coupons, id, topic: "coupon", at: now) { $0.merge(fields) }
            return ShopAnswer(state.coupons[id] ?? .null)
        case .delete:
            if request.query["force"] == "true" {
                state.coupons[id] = nil
            } else {
                state.coupons[id]?["status"] = .text("trash")
            }
            state.hooks.enqueue("coupon.deleted", .resource(id))
            return ShopAnswer(coupon)
        default: throw .noRoute
        }
    }

    /// Lower case, without tags and blanks at the ends.
    static func code(_ text: String) -> String {
        var plain = text.replacing(/<[^>]*>/, with: "").lowercased()
        while plain.last == " " { plain.removeLast() }
        return String(plain.drop { $0 == " " })
    }

    private func create(_ fields: ShopValue, _ state: inout ShopState) throws(ShopError) -> ShopValue {
        guard fields["code"].string != nil else { throw .missing("code") }
        let fields = try checked(fields, besides: nil, state)
        let id = state.add(\.coupons, ShopShapes.coupon, fields, topic: "coupon", at: now)
        return state.coupons[id] ?? .null
    }

    /// 200 whatever becomes of each: errors stand in their places.
    private func batch(_ fields: ShopValue, _ state: inout ShopState) throws(ShopError) -> ShopAnswer {
        var made: [ShopValue] = []
        for one in fields["create"].list ?? [] {
            do throws(ShopError) {
                made.append(try create(one, &state))
            } catch {
                made.append(.object(["id": .number(0), "error": error.body]))
            }
        }
        return ShopAnswer(.object(["create": .list(made)]))
    }

    private func checked(
        _ fields: ShopValue, besides id: Int?, _ state: ShopState
    ) throws(ShopError) -> ShopValue {
        var fields = fields
        let types = ["percent", "fixed_cart", "fixed_product"]
        if let type = fields["discount_type"].string, !types.contains(type) {
            throw .invalid(
                "discount_type", "rest_not_in_enum",
                "discount_type is not one of percent, fixed_cart, and fixed_product.")
        }
        if let code = fields["code"].string.map(Self.code) {
            guard !state.coupons.contains(where: { $0.key != id && $0.value["code"].string == code }) else {
                throw ShopError(
                    400, "woocommerce_rest_coupon_code_already_exists", "The coupon code already exists")
            }
            fields["code"] = .text(code)
        }
        for name in ["amount", "minimum_amount", "maximum_amount"] {
            guard let amount = fields[name].word else { continue }
            let isPercent = fields["discount_type"].string == "percent"
            if name == "amount", isPercent, Double(amount) ?? 0 > 100 {
                throw ShopError(400, "coupon_invalid_amount", "Invalid discount amount.")
            }
            fields[name] = .text(Self.decimals(amount))
        }
        dropBadDate(&fields, state.offset)
        if let addresses = fields["email_restrictions"].list {
            fields["email_restrictions"] = .list(addresses.filter { $0.string?.contains("@") == true })
        }
        return fields
    }

    /// A date that is none is gone: the coupon has no end.
    private func dropBadDate(_ fields: inout ShopValue, _ offset: Timestamp.Span) {
        for (name, shift) in [("date_expires", offset), ("date_expires_gmt", .zero)] {
            guard let text = fields[name].string else { continue }
            let day = text.count == 10 ? text + "T00:00:00" : text
            let time = Timestamp(rfc3339: day).map { $0 - shift }
            fields["date_expires"] = time.map { .text(ShopState.text($0 + offset)) } ?? .null
            fields["date_expires_gmt"] = time.map { .text(ShopState.text($0)) } ?? .null
            return
        }
    }

    private static func decimals(_ amount: String) -> String {
        let halves = amount.split(separator: ".", maxSplits: 1).map(String.init)
        let cents = halves.count == 2 ? halves[1].prefix(2) : ""
        return "\(halves.first ?? "0").\(cents)\(String(repeating: "0", count: 2 - cents.count))"
    }
}
