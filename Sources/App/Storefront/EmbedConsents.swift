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
        try host.database.write { tx in
            let proved = try takeProved(said, form, at: now, in: tx)
            guard let phone = form.phone else { return }
            let details = ContactDetails(
                phoneRaw: form.phoneRaw, email: form.email, locale: form.language, country: form.country)
            let contact = try ContactsTable.reach(
                PersonKey(phone: phone), details: details, weight: .fillsGaps, at: now, in: tx)
            guard contact.id != proved else { return }
            try record(try unproved(said, of: contact, in: tx), by: contact, in: tx)
        }
    }

    /// What belongs to an order whose secret word is named; it waits for the order when that has not come yet.
    /// - Returns: whose it was put on record for.
    private func takeProved(
        _ said: [ConsentStatement], _ form: EmbedConsentForm, at now: Timestamp, in tx: any WriteTransaction
    ) throws -> ID? {
        guard let proof = form.order else { return nil }
        let known = try OrdersTable.find(shop: proof.shop, externalID: proof.id, in: tx)
        // A wrong word proves nothing, and the answer does not tell.
        if let known, !ConstantTime.equal(known.order.key ?? "", proof.key) { return nil }
        guard let contact = try known?.contactID.flatMap({ try ContactsTable.find($0, in: tx) }) else {
            try PendingConsentsTable.hold(
                said, shop: proof.shop, orderID: proof.id, key: proof.key, at: now, in: tx)
            return nil
        }
        try record(said, by: contact, in: tx)
        return contact.id
    }

    /// Anybody can type anybody's number: without an order as proof a yes never lifts a withdrawal.
    private func unproved(
        _ said: [ConsentStatement], of contact: Contact, in tx: any WriteTransaction
    ) throws -> [ConsentStatement] {
        let standing = try ConsentStatesTable.all(of: contact.id, in: tx)
        return said.filter { $0.action == .withdraw || standing[$0.purpose]?.state != .withdrawn }
    }

    private func record(
        _ said: [ConsentStatement], by contact: Contact, in tx: any WriteTransaction
    ) throws {
        guard !said.isEmpty else { return }
        let desk = host.consents
        for statement in said { try desk.record(statement, by: contact, in: tx) }
        tx.afterCommit { desk.announce(said, by: contact.id) }
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
