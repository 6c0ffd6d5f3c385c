import PluginKit

/// Takes everything that we made out of the shop: webhooks, and coupons.
struct ShopCleaning {
    let client: ShopClient
    let tables: any Tables

    /// Goes on after a failure; what the shop does not have any more counts as taken away.
    /// - Throws: `ShopError`, the first one; what is left stays on record, so that it can be tried again.
    func run() throws {
        let made = try tables.read { tx in try MadeTable.all(.webhook, in: tx) + MadeTable.all(.coupon, in: tx) }
        var failure: ShopError?
        for one in made {
            do throws(ShopError) {
                try remove(one)
                try? tables.write { tx in try MadeTable.remove(one.kind, one.externalID, in: tx) }
            } catch {
                failure = failure ?? error
                // Each of the others would wait for its deadline.
                if error.isPassing || error.concernsKeys { break }
            }
        }
        if let failure { throw failure }
    }

    private func remove(_ made: Made) throws(ShopError) {
        let collection = made.kind == .webhook ? "webhooks" : "coupons"
        do throws(ShopError) {
            _ = try client.delete("\(collection)/\(made.externalID)", query: [("force", "true")])
        } catch {
            guard error.kind == .notFound else { throw error }
        }
    }
}
