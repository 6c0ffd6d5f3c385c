package import Core
package import HTTP

/// A request that a handler turns down: only `ErrorResponses` makes a response of it.
package struct Refusal: Error, Sendable {
    /// What one field of an API call lacks.
    package struct FieldError: Sendable, Equatable {
        package var field: String
        /// A word for programs: `required`, `invalid`, `unknown`.
        package var code: String
        package var detail: String

        package init(_ field: String, _ code: String, _ detail: String) {
            self.field = field
            self.code = code
            self.detail = detail
        }
    }

    package var status: Status
    /// For a program's author, in English.
    package var detail: String
    package var errors: [FieldError]
    package var retryAfter: Timestamp.Span?
    /// What the response says besides, such as which origins may read it.
    package var headers: Headers = [:]

    package init(
        _ status: Status, _ detail: String, errors: [FieldError] = [], retryAfter: Timestamp.Span? = nil
    ) {
        self.status = status
        self.detail = detail
        self.errors = errors
        self.retryAfter = retryAfter
    }

    package static let notFound = Refusal(404, "There is nothing here.")

    package static func invalid(_ field: String, _ code: String, _ detail: String) -> Refusal {
        Refusal(422, "The request was understood, but a field is not right.", errors: [FieldError(field, code, detail)])
    }
}
