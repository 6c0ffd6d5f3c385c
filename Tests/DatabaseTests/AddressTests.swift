import Database
import SQL
import Testing

@Suite struct `A database's address` {
    @Test(arguments: [
        ("shop.db", "shop.db"),
        ("postgresql://ana:secret@db.example:5433/shop?sslmode=require", "postgresql://ana@db.example:5433/shop"),
        ("postgres://db.example/shop?user=ana&password=se@cret", "postgres://db.example/shop"),
        ("postgresql://ana@/shop?host=/run/postgresql", "postgresql://ana@/shop"),
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

    @Test(arguments: [
        ("postgresql://user:pa/geheim@db.example/shop", "%2F"), ("postgresql://user:12/geheim@db.example/shop", "%2F"),
        ("postgresql://user:s3cr@geheim@127.0.0.1/shop", "%40"), ("postgresql://user:a@geheim/b@h/d", "%40"),
        ("postgresql://user:ge?heim@h/d", "%3F"), ("postgresql://user:geheim?geheim@h/d", "%3F"),
        ("postgresql://user:geheim/shop", "the port behind the host is no number"),
        ("postgresql://user:geheim@h:port/d", "the port behind the host is no number"),
        ("postgresql://user:geheim@h:0/d", "the port behind the host is no number"),
        ("postgresql://user:geheim@a:5432,b:geheim/d", "the port behind the host is no number"),
    ])
    func `whose password would be read as something else is refused without a word of it`(text: String, advice: String)
    {
        let error = #expect(throws: DatabaseError.self) { try DatabaseLocation(parsing: text) }
        #expect(error?.kind == .misuse)
        #expect(error?.message.contains(advice) == true)
        #expect(error?.description.contains("heim") == false)
    }

    @Test(arguments: [
        "postgresql://u:p%40%2F@[::1]:5432/d", "postgresql://a:5432,b:5433/d", "postgresql:///d", "postgresql://u@/d",
        "postgresql://u:p@h", "postgresql://h/d?host=/run/pg&password=a/b@c:d",
    ])
    func `that libpq reads as it was meant is taken`(text: String) throws {
        #expect(try DatabaseLocation(parsing: text).engine == .postgresql)
    }

    @Test(arguments: ["./dbname=shop", "a=b.db", "data/user=ana/shop.db"])
    func `may be a file with an equals sign in its name`(text: String) throws {
        #expect(try DatabaseLocation(parsing: text) == .file(text))
    }
}
