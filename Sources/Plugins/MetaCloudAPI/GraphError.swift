import Domain
import Text

/// An error in Meta's words: the `error` of an answer, or one of the `errors` of a webhook.
struct GraphError: Equatable {
    var code: Int
    /// The details where there are some: they say more than the title.
    var text: String
    /// Meta's own hint that the same call may work later.
    var isTransient: Bool

    /// Nil unless it is an object with a code.
    init?(_ json: JSON) {
        guard let code = json["code"].int else { return nil }
        self.code = code
        let texts = [json["error_data"]["details"], json["message"], json["title"]]
        text = texts.lazy.compactMap(\.string).first { !$0.isEmpty } ?? ""
        isTransient = json["is_transient"].bool ?? false
    }

    /// The error of an answer's body; nil for a body that is not Meta's own.
    init?(body: [UInt8]) {
        guard let json = try? JSON(parsing: body) else { return nil }
        self.init(json["error"])
    }

    /// - Parameter status: of the answer that brought it; nil in a webhook.
    func failure(status: Int?) -> Failure {
        Failure(
            failureClass(status: status), code: String(code), detail: text,
            isUnreachable: ErrorTable.isUnreachable(code))
    }

    /// The code decides; the status only speaks where the code says nothing, or nothing but that a call failed.
    private func failureClass(status: Int?) -> FailureClass {
        let known = ErrorTable.failureClass(of: code)
        if let known, known != .ourBug { return known }
        if isTransient || status == 429 { return .tryLater }
        if let status, status >= 500 { return .providerTrouble }
        return .ourBug
    }
}
