import Core
import Database
import Domain
import HTTP
import SQL
import Store
import Text

/// `products`: what shops told of what they sell, variations among it.
struct ProductsResource: APIResource {
    let host: Host

    var endpoints: [Endpoint] {
        [
            Endpoint(
                .get, "/products", .scope(.read), "listProducts",
                "Products and their variations, the latest known first.",
                query: ListQuery.parameters, gives: [.list(of: "Product")], handler: list),
            Endpoint(
                .get, "/products/{id}", .scope(.read), "getProduct", "One product, removed or not.",
                gives: [.done(.reference("Product"))], handler: one),
        ]
    }

    private func list(_ request: Request, _ context: Context) throws -> Response {
        let query = try ListQuery(request)
        try query.finish()
        return try host.database.read { tx in try ProductsTable.page(query.page, in: tx) }.response(ProductJSON.write)
    }

    private func one(_ request: Request, _ context: Context) throws -> Response {
        let id = try context.id()
        guard let product = try host.database.read({ tx in try ProductsTable.find(id, in: tx) }) else {
            throw Refusal.notFound
        }
        return .json(JSONWriter.object { json in ProductJSON.write(product, &json) })
    }
}

/// A product as the API writes it.
enum ProductJSON {
    static let schema = Schema.object([
        .required("id", .id), .required("external_id", .text), .required("shop", .text),
        .required("parent_id", .nullable(.text)), .required("name", .text), .required("url", .nullable(.text)),
        .required("image", .nullable(.text)), .required("price", .nullable(.reference("Money"))),
        .required("stock_status", .text), .required("stock_quantity", .nullable(.integer)),
        .required("status", .text), .required("removed", .flag), .required("updated_at", .time),
    ])

    static func write(_ stored: StoredProduct, _ json: inout JSONWriter) {
        let product = stored.product
        json.field("id", stored.id)
        json.field("external_id", product.externalID)
        json.field("shop", product.shop)
        json.field("parent_id", product.parentID)
        json.field("name", product.name)
        json.field("url", product.permalink)
        json.field("image", product.imageURL)
        if let price = product.price { json.field("price", price) } else { json.field("price", nil as String?) }
        json.field("stock_status", product.stockStatus)
        json.field("stock_quantity", product.stockQuantity)
        json.field("status", product.status)
        json.field("removed", stored.isRemoved)
        json.field("updated_at", product.updatedAt)
    }
}
