/// Table definitions that both engines take: written in SQLite's words, said again in PostgreSQL's.
///
/// | SQLite | PostgreSQL | why |
/// |---|---|---|
/// | INTEGER | BIGINT | ids and milliseconds need 64 bits |
/// | REAL | DOUBLE PRECISION | |
/// | BLOB | BYTEA | |
/// | TEXT | TEXT COLLATE "C" | both engines sort and page alike, by bytes |
/// | STRICT, WITHOUT ROWID | – | PostgreSQL knows no other tables |
///
/// Only whole words in capitals are read, so keep these words out of literals and casts.
enum PortableSchema {
    private static let words = [
        "INTEGER": "BIGINT", "REAL": "DOUBLE PRECISION", "BLOB": "BYTEA", "TEXT": "TEXT COLLATE \"C\"",
    ]
    private static let tableOptions = [" STRICT, WITHOUT ROWID", " WITHOUT ROWID", " STRICT"]

    static func postgresql(_ statement: String) -> String {
        var source = statement
        if let option = tableOptions.first(where: { statement.hasSuffix(")" + $0) }) {
            source = String(statement.dropLast(option.count))
        }
        var result = ""
        var word = ""
        for character in source {
            if character.isLetter || character.isNumber || character == "_" {
                word.append(character)
                continue
            }
            result += words[word] ?? word
            result.append(character)
            word = ""
        }
        return result + (words[word] ?? word)
    }
}
