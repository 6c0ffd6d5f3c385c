import Domain
import Core
import SQL
import Store
import Text

/// What a person typed into a search: the beginning of a name, of an order's number, or a phone in any form.
struct TypedSearch: Sendable {
    /// So many people or orders that match stand for all: a search that finds more wants more letters.
    private static let most = 200

    /// As typed; a phone that can be read, in its international form.
    let text: String
    private let isMasked: Bool

    /// - Parameters:
    ///   - country: by which a national phone is read.
    ///   - display: who sees phones and addresses masked finds them only as a whole.
    init(_ typed: String, country: String, _ display: PhoneDisplay) {
        isMasked = display.isMasked
        let looksLikePhone = typed.allSatisfy { $0.isASCII && ($0.isNumber || "+-() ./".contains($0)) }
        if looksLikePhone, case .success(let phone) = PhoneNumber.read(typed, countries: [country]) {
            text = phone.e164
        } else {
            text = typed
        }
    }

    var people: ContactFilter { ContactFilter(search: text, takesWholeReachOnly: isMasked) }

    func contacts(in tx: any ReadTransaction) throws -> [ID] {
        try ContactsList.page(PageRequest(limit: Self.most), people, in: tx).rows.map(\.id)
    }

    /// Which orders match: by number, customer, or a person found.
    func orders(in tx: any ReadTransaction) throws -> OrderFilter.Search {
        OrderFilter.Search(text, contacts: try contacts(in: tx))
    }

    /// Which messages match: to a person found, or about an order found.
    func messages(in tx: any ReadTransaction) throws -> MessagesTable.Selection.Found {
        let contacts = try contacts(in: tx)
        let filter = OrderFilter(search: .init(text, contacts: []))
        let orders = try OrdersTable.page(PageRequest(limit: Self.most), filter, in: tx).rows.map(\.id)
        return .init(contacts: contacts, orders: orders)
    }
}
