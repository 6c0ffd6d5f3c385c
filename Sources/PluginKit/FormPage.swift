package import Templating

/// A page that shows a form: the layout lists its errors on top, each linked to its field.
package protocol FormPage {
    var formErrors: [FormError] { get }
}

/// What is wrong with one field, in words.
package struct FormError: Sendable, Equatable {
    /// The id of the input.
    package var field: String
    package var message: Word

    package init(_ field: String, _ message: Word) {
        self.field = field
        self.message = message
    }
}
