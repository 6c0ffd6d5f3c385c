import Database
import Testing

@Suite struct `A database's address` {
    @Test(arguments: [
        ("shop.db", "shop.db"),
        ("postgresql://ana:secret@db.example:5433/shop?sslmode=require", "postgresql://ana@db.example:5433/shop"),
        ("postgres://db.example/shop?user=ana&password=se@cret", "postgres://db.example/shop"),
        ("postgresql://ana@/shop?host=/run/postgresql", "postgresql://ana@/shop"),
        ("postgresql://ana:sec?ret@db.example/shop", "postgresql://ana@db.example/shop"),
        ("postgresql:///shop", "postgresql:///shop"),
        ("postgresql://ana:secret@a.example,b.example/shop", "postgresql://ana@a.example,b.example/shop"),
    ])
    func `is shown without what is secret`(text: String, shown: String) throws {
        #expect(try DatabaseLocation(parsing: text).address == shown)
    }
}
