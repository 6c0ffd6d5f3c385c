import Text

/// An error of the Graph API as the double answers it: the documented code, a status that fits, words.
struct MetaError: Sendable {
    let status: Int
    let code: Int
    var subcode: Int?
    let message: String
    var details: String?
    var isTransient: Bool?

    /// The error of a code; one that is not documented is a plain 400, as a new code would be.
    init(_ code: Int, status: Int? = nil, details: String? = nil, subcode: Int? = nil) {
        let known = Self.documented[code]
        self.code = code
        self.status = status ?? known?.status ?? 400
        self.message = "(#\(code)) \(known?.message ?? "An error without a name")"
        self.details = details ?? (code >= 100_000 ? known?.message : nil)
        self.subcode = subcode ?? (code == 190 ? 463 : nil)
        self.isTransient = [2, 4, 80007, 131016].contains(code) ? true : nil
    }

    var body: [UInt8] {
        JSONWriter.object {
            $0.object("error") {
                $0.field("message", message)
                $0.field("type", "OAuthException")
                $0.field("code", code)
                if let subcode { $0.field("error_subcode", subcode) }
                if let isTransient { $0.field("is_transient", isTransient) }
                if let details {
                    $0.object("error_data") {
                        $0.field("messaging_product", "whatsapp")
                        $0.field("details", details)
                    }
                }
                $0.field("fbtrace_id", "A\(code)")
            }
        }
    }

    /// The words of an error that comes inside a status webhook.
    static func message(_ code: Int) -> String { documented[code]?.message ?? "An error without a name" }

    /// Meta says to look at the code alone, and its own tables differ about the statuses.
    private static let documented: [Int: (status: Int, message: String)] = [
        0: (401, "Unable to authenticate the app user"), 1: (400, "An unknown error occurred"),
        2: (503, "Service temporarily unavailable"), 3: (500, "Capability or permissions issue"),
        4: (400, "Application request limit reached"), 10: (403, "Permission is not granted or has been removed"),
        17: (400, "User request limit reached"), 33: (400, "The business phone number has been deleted"),
        100: (400, "Invalid parameter"), 104: (401, "An access token is required"),
        190: (401, "The access token has expired"), 200: (403, "Permission is not granted"),
        368: (403, "Temporarily blocked for policies violations"), 613: (400, "Calls exceeded the rate limit"),
        80007: (400, "Business request limit reached"), 80008: (400, "Too many calls to this business account"),
        130403: (400, "The recipient is blocked by this business"), 130429: (429, "Rate limit hit"),
        130472: (400, "The recipient is part of an experiment"),
        130497: (403, "Business account is restricted from messaging users in this country"),
        131000: (500, "Something went wrong"), 131005: (403, "Access denied"),
        131008: (400, "Required parameter is missing"), 131009: (400, "Parameter value is not valid"),
        131016: (503, "Service unavailable"), 131021: (400, "Recipient cannot be sender"),
        131026: (400, "Message undeliverable"), 131030: (400, "Recipient phone number not in allowed list"),
        131031: (403, "Business account has been locked"), 131037: (400, "Display name approval is needed"),
        131042: (400, "Business eligibility payment issue"), 131045: (500, "Phone number is not registered"),
        131047: (400, "Re-engagement message"), 131048: (429, "Spam rate limit hit"),
        131049: (400, "Not delivered to maintain healthy ecosystem engagement"),
        131050: (400, "The recipient stopped marketing messages"), 131051: (400, "Unsupported message type"),
        131052: (400, "Media download error"), 131053: (400, "Media upload error"),
        131055: (400, "Not a marketing template"), 131056: (429, "Pair rate limit hit"),
        131057: (503, "Account in maintenance mode"), 131061: (400, "Use the marketing messages API"),
        131062: (400, "Business-scoped user ID is not allowed here"),
        131063: (400, "Marketing messages on Cloud API are disabled"),
        131064: (400, "Limit due to template classification violations"),
        132000: (400, "Number of parameters does not match the expected number of params"),
        132001: (404, "Template name does not exist in the translation"),
        132005: (400, "Translated text too long"), 132007: (400, "Template content policy violated"),
        132012: (400, "Parameter format does not match format in the created template"),
        132015: (400, "Template is paused"), 132016: (400, "Template is disabled"),
        132018: (400, "Template parameter contains disallowed characters"), 132068: (400, "Flow is blocked"),
        132069: (400, "Flow is throttled"), 133000: (500, "Incomplete deregistration"),
        133004: (503, "Server temporarily unavailable"), 133005: (400, "Two-step verification PIN mismatch"),
        133006: (400, "Phone number verification is needed"), 133008: (400, "Too many PIN guesses"),
        133009: (400, "PIN guessed too fast"), 133010: (400, "Phone number is not registered"),
        133015: (400, "Phone number was deleted recently"), 133016: (400, "Too many registration attempts"),
        134011: (400, "Payments terms are not accepted"), 134100: (400, "Not a marketing template"),
        134101: (400, "Template is still syncing"), 134102: (400, "Template is unavailable"),
        135000: (400, "Generic user error"),
    ]
}
