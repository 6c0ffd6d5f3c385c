/// The shapes that the document names. Each resource keeps its own beside the code that writes it.
enum Components {
    static let all: [(name: String, schema: Schema)] = [
        ("Money", money), ("NewMoney", newMoney), ("Problem", problem), ("Order", OrderJSON.schema),
        ("NewOrder", OrderForm.schema),
        ("Message", MessageJSON.schema), ("MessageWithTrail", MessageJSON.schemaWithTrail),
        ("NewMessage", MessageForm.schema), ("NewTestMessage", MessageForm.testSchema),
        ("Template", TemplateCallJSON.schema), ("NewTemplate", MessageForm.templateSchema),
        ("Contact", ContactJSON.schema), ("NewContact", ContactForm.schema),
        ("Consent", ConsentJSON.schema), ("NewConsent", ConsentForm.schema),
        ("ConsentVerification", ConsentVerdictJSON.schema), ("ChannelTemplate", ChannelTemplateJSON.schema),
        ("Product", ProductJSON.schema), ("Coupon", CouponJSON.schema),
        ("Delivery", DeliveryJSON.schema), ("Plugin", PluginJSON.schema), ("Statistics", StatisticsJSON.schema),
        ("DeliveryWithBody", DeliveryJSON.schemaWithBody),
        ("Settings", .map(.nullable(.text))), ("NewSettings", .map(.any)),
    ]

    private static let money = Schema.object([.required("amount", .text), .required("currency", .text)])

    /// As a call sends it: any number of decimals, in either case.
    private static let newMoney = Schema.object([
        .required("amount", .sent(1...30)), .required("currency", .matching("^[A-Za-z]{3}$")),
    ])

    /// RFC 9457, as `ErrorResponses` writes it.
    private static let problem = Schema.object([
        .required("type", .text), .required("title", .text), .required("status", .integer),
        .required("detail", .text), .required("instance", .text), .required("request_id", .nullable(.text)),
        .optional(
            "errors",
            .list(.object([.required("field", .text), .required("code", .text), .required("detail", .text)]))),
    ])
}
