/// WordPress's error object, with the codes and words that were recorded.
struct ShopError: Error {
    let status: Int
    let code: String
    let message: String
    var data: [(String, ShopValue)] = []

    init(_ status: Int, _ code: String, _ message: String, _ data: [(String, ShopValue)] = []) {
        self.status = status
        self.code = code
        self.message = message
        self.data = data
    }

    var body: ShopValue {
        var details = ShopValue.object(["status": .number(status)])
        for (name, value) in data { details[name] = value }
        return .object(["code": .text(code), "message": .text(message), "data": details])
    }

    static let noRoute = ShopError(
        404, "rest_no_route", "No route was found matching the URL and request method.")
    static let cannotView = ShopError(
        401, "woocommerce_rest_cannot_view", "Sorry, you cannot list resources.")
    static let cannotCreate = ShopError(
        401, "woocommerce_rest_cannot_create", "Sorry, you are not allowed to create resources.")
    static let invalidJSON = ShopError(
        400, "rest_invalid_json", "Invalid JSON body passed.",
        [("json_error_code", .number(4)), ("json_error_message", .text("Syntax error"))])

    static func authentication(_ message: String) -> ShopError {
        ShopError(401, "woocommerce_rest_authentication_error", message)
    }

    static func missingOAuth(_ names: [String]) -> ShopError {
        ShopError(
            401, "woocommerce_rest_authentication_missing_parameter",
            "Missing OAuth parameter" + (names.count > 1 ? "s " : " ") + names.joined(separator: ", "))
    }

    /// `order` is `shop_order` in the codes.
    static func invalidID(_ resource: String) -> ShopError {
        ShopError(404, "woocommerce_rest_\(resource)_invalid_id", "Invalid ID.")
    }

    static func missing(_ parameter: String) -> ShopError {
        ShopError(
            400, "rest_missing_callback_param", "Missing parameter(s): \(parameter)",
            [("params", .list([.text(parameter)]))])
    }

    static func invalid(_ parameter: String, _ code: String, _ message: String) -> ShopError {
        let details = ShopValue.object(["code": .text(code), "message": .text(message), "data": .null])
        return ShopError(
            400, "rest_invalid_param", "Invalid parameter(s): \(parameter)",
            [
                ("params", .object([.init(key: parameter, value: .text(message))])),
                ("details", .object([.init(key: parameter, value: details)])),
            ])
    }
}
