package import Core
package import Domain
package import Templating

/// A card of a plugin's own on a page of the admin. One that throws or takes too long is replaced by a line that names
/// its plugin; one that draws nothing is not there.
package struct Panel: Sendable {
    /// What the page is about.
    package enum Subject: Sendable {
        case dashboard
        case order(StoredOrder)
        case contact(ContactRef)
    }

    package enum Place: Sendable {
        case dashboard, order, contact
    }

    /// Who looks.
    package struct Viewer: Sendable {
        package var role: Role
        /// For forms: the field `csrf`.
        package var csrf: String

        package init(role: Role, csrf: String) {
            self.role = role
            self.csrf = csrf
        }
    }

    package let place: Place
    /// Its heading, a word of the catalogue.
    package let title: String
    /// Lower ones come first.
    package let order: Int
    /// The least role that sees it.
    package let role: Role
    package let draw: @Sendable (Subject, Viewer) throws -> SafeHTML?

    private init(
        _ place: Place, _ title: String, _ order: Int, _ role: Role,
        _ draw: @escaping @Sendable (Subject, Viewer) throws -> SafeHTML?
    ) {
        self.place = place
        self.title = title
        self.order = order
        self.role = role
        self.draw = draw
    }

    package static func dashboard(
        _ title: String, order: Int = 10, role: Role = .viewer,
        draw: @escaping @Sendable (Viewer) throws -> SafeHTML?
    ) -> Panel {
        Panel(.dashboard, title, order, role) { _, viewer in try draw(viewer) }
    }

    package static func order(
        _ title: String, order: Int = 10, role: Role = .viewer,
        draw: @escaping @Sendable (StoredOrder, Viewer) throws -> SafeHTML?
    ) -> Panel {
        Panel(.order, title, order, role) { subject, viewer in
            guard case .order(let stored) = subject else { return nil }
            return try draw(stored, viewer)
        }
    }

    package static func contact(
        _ title: String, order: Int = 10, role: Role = .viewer,
        draw: @escaping @Sendable (ContactRef, Viewer) throws -> SafeHTML?
    ) -> Panel {
        Panel(.contact, title, order, role) { subject, viewer in
            guard case .contact(let person) = subject else { return nil }
            return try draw(person, viewer)
        }
    }
}

extension Panel.Subject {
    package var place: Panel.Place {
        switch self {
        case .dashboard: .dashboard
        case .order: .order
        case .contact: .contact
        }
    }
}

/// A compiled piece of a page.
package struct PreparedFragment<Model: Sendable>: Sendable {
    package let draw: @Sendable (Model) -> SafeHTML

    package init(draw: @escaping @Sendable (Model) -> SafeHTML) { self.draw = draw }
}
