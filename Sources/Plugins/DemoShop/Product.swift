import Core
import Templating

/// A thing on the shelf. Its words stand in the catalogue and its picture in `icons/shop.svg`, both by its id.
struct Product: Sendable, Equatable {
    let id: String
    /// In minor units of whatever currency the site has: $8.90 where it is dollars, ¥890 where it is yen.
    let price: Int64

    var name: Word { Word("demoshop.product.\(id).name") }
    var text: Word { Word("demoshop.product.\(id).text") }

    /// As they lie on the shelf.
    static let all = [
        Product(id: "yarn", price: 890), Product(id: "buttons", price: 650), Product(id: "scissors", price: 1450),
        Product(id: "ribbon", price: 520), Product(id: "needles", price: 990), Product(id: "cloth", price: 1290),
        Product(id: "thread", price: 780), Product(id: "tape", price: 480),
    ]

    static func find(_ id: String) -> Product? { all.first { $0.id == id } }
}
