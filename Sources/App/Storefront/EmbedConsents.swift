import Core
import Crypto
import Database
import Domain
import HTTP
import Messaging
import SQL
import Store

/// Puts what was chosen in the consent box on record, by the phone that was typed and by the order that is proved.
struct EmbedConsents: Sendable {
    let host: Host

    func take(_ form: EmbedConsentForm, _ request: Request, _ context: Context) throws {
        let now = host.clock.now()
        let said = statements(form, request, context, at: now)
        guard !said.isEmpty else { return }
        let desk = host.consents
        try host.database.write { tx in
            var people: Set<ID> = []
            func record(for contact: Contact) throws {
                guard people.insert(contact.id).inserted else { return }
                for statement in said { try desk.record(statement, by: contact, in: tx) }
                tx.afterCommit { desk.announce(said, by: contact.id) }
            }
            if let phone = form.phone {
                let details = ContactDetails(
                    phoneRaw: form.phoneRaw, email: form.email, locale: form.language, country: form.country)
                try record(
                    for: ContactsTable.reach(
                        PersonKey(phone: phone), details: details, weight: .fillsGaps, at: now, in: tx))
            }
            guard let proof = form.order else { return }
            let known = try OrdersTable.find(shop: proof.shop, externalID: proof.id, in: tx)
            // A wrong word proves nothing, and the answer does not tell.
            if let known, !ConstantTime.equal(known.order.key ?? "", proof.key) { return }
            if let contact = try known?.contactID.flatMap({ try ContactsTable.find($0, in: tx) }) {
                try record(for: contact)
            } else {
                try PendingConsentsTable.hold(
                    said, shop: proof.shop, orderID: proof.id, key: proof.key, at: now, in: tx)
            }
        }
    }

    private func statements(
        _ form: EmbedConsentForm, _ request: Request, _ context: Context, at now: Timestamp
    ) -> [ConsentStatement] {
        let shown = ConsentWording(host, language: form.language)
        let isOurs = shown.version == form.wordingVersion
        return form.choices.sorted { $0.key.rawValue < $1.key.rawValue }.map { purpose, choice in
            let text = form.wording ?? (isOurs ? shown.text(for: purpose) : nil)
            var wording: ConsentStatement.Wording?
            if text != nil || form.wordingVersion != nil {
                wording = .init(text: text ?? "", version: form.wordingVersion, language: form.language)
            }
            return ConsentStatement(
                purpose: purpose, action: choice ? .grant : .withdraw, at: now, source: "checkout", wording: wording,
                pageURL: form.page, ipAddress: context.clientAddress.description,
                userAgent: request.headers["User-Agent"].map { String($0.prefix(500)) })
        }
    }
}
