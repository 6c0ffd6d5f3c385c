package import Core
package import Templating

/// One bubble of a chat, for `admin/parts/bubble` wherever a phone is drawn.
package struct PhoneBubble: TemplateModel {
    package enum Side: String, Sendable {
        case fromShop = "in"
        case fromPerson = "out"
    }

    package var side: Side
    package var text: String
    package var at: Timestamp?
    /// The two ticks.
    package var isRead: Bool
    /// Labels of the buttons under it.
    package var buttons: [String]

    package init(_ side: Side, _ text: String, at: Timestamp? = nil, isRead: Bool = false, buttons: [String] = []) {
        self.side = side
        self.text = text
        self.at = at
        self.isRead = isRead
        self.buttons = buttons
    }

    package static let fields: [Field<Self>] = [
        .text("side") { $0.side.rawValue }, .time("at") { $0.at }, .flag("read") { $0.isRead },
        .list("runs", Run.self) { ChatText.runs($0.text).map(Run.init) },
        .list("buttons", Button.self) { $0.buttons.map(Button.init) },
    ]

    /// A piece of the text in one look.
    package struct Run: TemplateModel {
        let run: ChatText.Run

        package init(_ run: ChatText.Run) { self.run = run }

        package static let fields: [Field<Self>] = [
            .text("style") { $0.run.styles.isEmpty ? "plain" : $0.run.styles.map(\.rawValue).joined(separator: " ") },
            .text("text") { $0.run.text },
        ]
    }

    struct Button: TemplateModel {
        let text: String

        static let fields: [Field<Self>] = [.text("text") { $0.text }]
    }
}
