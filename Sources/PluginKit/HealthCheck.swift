package import Templating

/// One look at a part of the house: does it work, and if not, what is to be done. `/admin/doctor` and
/// `cartwright doctor` run them all.
package struct HealthCheck: Sendable {
    /// Lower-case, of the plugin's own words: `meta.number`. What people call it is `check.<id>.name` in the catalogue.
    package var id: String
    /// Whether it calls somebody outside: those run only when a person asks for them.
    package var callsOutside: Bool
    /// An error thrown is a failure with the error's text; most checks say more by returning one.
    package var run: @Sendable () throws -> HealthFinding

    package init(id: String, callsOutside: Bool = false, run: @escaping @Sendable () throws -> HealthFinding) {
        self.id = id
        self.callsOutside = callsOutside
        self.run = run
    }
}

/// What a check found, in a sentence, and the next step where one is needed.
package struct HealthFinding: Sendable, Equatable {
    package enum Grade: String, Sendable, CaseIterable {
        case ok
        /// It works, but somebody should look at it.
        case warn
        /// It does not work.
        case fail
    }

    package var grade: Grade
    /// What is so.
    package var text: Word
    /// What to do about it.
    package var next: Word?
    /// The page of the admin where that is done.
    package var href: String?

    package init(_ grade: Grade, _ text: Word, next: Word? = nil, href: String? = nil) {
        self.grade = grade
        self.text = text
        self.next = next
        self.href = href
    }
}
