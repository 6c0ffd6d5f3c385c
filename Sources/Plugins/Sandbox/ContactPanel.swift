import Domain
import PluginKit
import Templating

/// On a person's page: the way to their chat on the sandbox phone, once there is one.
struct ContactPanel: TemplateModel {
    let href: String

    static let fields: [Field<Self>] = [.text("href") { $0.href }]

    static func make(_ phones: Phones, _ pages: any Pages) throws -> Panel {
        let fragment = try pages.fragment("sandbox/contact-panel", ContactPanel.self)
        return .contact("sandbox.title") { person, _ in
            guard let recipient = person.phone ?? person.bsuid, let chat = try phones.chat(with: recipient) else {
                return nil
            }
            return fragment.draw(ContactPanel(href: "\(PhonePage.path)/\(chat)"))
        }
    }
}
