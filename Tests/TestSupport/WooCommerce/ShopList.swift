import Core
import HTTP

/// One page of a collection, by the query's parameters.
///
/// `modified_after` and its kin are exclusive and in the shop's time unless `dates_are_gmt`. Rows of one second come in
/// no promised order: here the later id first, so that nobody relies on it.
struct ShopList {
    let query: QueryItems
    let offset: Timestamp.Span
    /// What `orderby` may be, the usual one first.
    let orders: [String]

    private static let most = 100

    func page(of values: [ShopValue]) throws(ShopError) -> ShopAnswer {
        let size = try number("per_page", 1...Self.most) ?? 10
        let page = try number("page", 1...Int.max) ?? 1
        let found = try sorted(filtered(values))
        let first = try number("offset", 0...Int.max) ?? (page - 1) * size
        let names = (query["_fields"] ?? "").split(separator: ",").map(String.init)
        let rows = found.dropFirst(first).prefix(size).map { $0.only(names) }
        var answer = ShopAnswer(.list(rows))
        answer.headers["X-WP-Total"] = String(found.count)
        answer.headers["X-WP-TotalPages"] = String((found.count + size - 1) / size)
        return answer
    }

    private func filtered(_ values: [ShopValue]) throws(ShopError) -> [ShopValue] {
        let bounds: [(name: String, field: String, isAfter: Bool)] = [
            ("modified_after", "date_modified_gmt", true), ("modified_before", "date_modified_gmt", false),
            ("after", "date_created_gmt", true), ("before", "date_created_gmt", false),
        ]
        var found = values
        for bound in bounds {
            guard let limit = try time(bound.name) else { continue }
            found = found.filter { value in
                guard let at = value[bound.field].string.flatMap({ Timestamp(rfc3339: $0) }) else { return false }
                return bound.isAfter ? at > limit : at < limit
            }
        }
        for (name, keeps) in [("include", true), ("exclude", false)] {
            guard let text = query[name], !text.isEmpty else { continue }
            let ids = Set(text.split(separator: ",").compactMap { Int($0) })
            found = found.filter { ids.contains($0["id"].int ?? 0) == keeps }
        }
        if let wanted = query["search"], !wanted.isEmpty {
            found = found.filter { String(decoding: $0.encoded, as: UTF8.self).contains(wanted) }
        }
        return found
    }

    private func sorted(_ values: [ShopValue]) throws(ShopError) -> [ShopValue] {
        let by = query["orderby"] ?? orders[0]
        guard orders.contains(by) else {
            throw .invalid("orderby", "rest_not_in_enum", "orderby is not one of \(orders.joined(separator: ", ")).")
        }
        let direction = query["order"] ?? "desc"
        guard direction == "asc" || direction == "desc" else {
            throw .invalid("order", "rest_not_in_enum", "order is not one of asc and desc.")
        }
        let field: String? =
            switch by {
            case "modified": "date_modified_gmt"
            case "date", "registered_date": "date_created_gmt"
            default: nil
            }
        let rows = values.map { value in
            (value: value, key: field.map { value[$0].string ?? "" } ?? "", id: value["id"].int ?? 0)
        }
        let isRising = direction == "asc"
        return rows.sorted { a, b in
            if a.key != b.key { return (a.key < b.key) == isRising }
            // With a date the later id first, whichever way the dates go.
            return field == nil ? (a.id < b.id) == isRising : a.id > b.id
        }.map(\.value)
    }

    private func time(_ name: String) throws(ShopError) -> Timestamp? {
        guard let text = query[name], !text.isEmpty else { return nil }
        guard let time = Timestamp(rfc3339: text) else {
            throw .invalid(name, "rest_invalid_date", "Invalid date.")
        }
        let isGMT = ["true", "1"].contains(query["dates_are_gmt"])
        return isGMT || text.hasSuffix("Z") ? time : time - offset
    }

    private func number(_ name: String, _ range: ClosedRange<Int>) throws(ShopError) -> Int? {
        guard let text = query[name] else { return nil }
        guard let number = Int(text) else {
            throw .invalid(name, "rest_invalid_type", "\(name) is not of type integer.")
        }
        guard range.contains(number) else {
            let words =
                range.upperBound == Self.most
                ? "\(name) must be between 1 (inclusive) and 100 (inclusive)"
                : "\(name) must be greater than or equal to \(range.lowerBound)"
            throw .invalid(name, "rest_out_of_bounds", words)
        }
        return number
    }
}
