import Database
import SQL
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

    @Test(arguments: ["dbname=shop user=postgres", "password=geheim", " host = db.example dbname=shop", "service=shop"])
    func `in libpq's own words is no file's name`(text: String) {
        let error = #expect(throws: DatabaseError.self) { try DatabaseLocation(parsing: text) }
        #expect(error?.message.contains("postgresql://USER:PASSWORD@HOST:PORT/DATABASE") == true)
        #expect(error?.description.contains("geheim") == false)
    }

    @Test(arguments: ["./dbname=shop", "a=b.db", "data/user=ana/shop.db"])
    func `may be a file with an equals sign in its name`(text: String) throws {
        #expect(try DatabaseLocation(parsing: text) == .file(text))
    }
}
