import Core
import Crypto
import Testing

@Suite struct PasswordHashTests {
    @Test func `a published Argon2id hash is matched`() throws {
        // From the test vectors of the reference implementation: password "password", salt "somesalt".
        let hash = try PasswordHash(
            stored: "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4")
        #expect(try hash.matches(Secret("password")))
        #expect(try !hash.matches(Secret("Password")))
        #expect(hash.cost.memoryKiB == 256)
        #expect(hash.cost.passes == 2)
    }

    @Test(arguments: ["", "correct horse", "pässwörd 🔑", String(repeating: "x", count: 5000)])
    func `a password matches its hash alone`(password: String) throws {
        let hash = try PasswordHash.make(Secret(password), cost: .test)
        #expect(try hash.matches(Secret(password)))
        #expect(try !hash.matches(Secret(password + "x")))
        #expect(try PasswordHash(stored: hash.text).matches(Secret(password)))
        #expect(try PasswordHash.make(Secret(password), cost: .test).text != hash.text)
    }

    @Test func `the standard cost is the recommended one`() throws {
        let hash = try PasswordHash.make(Secret("p"))
        #expect(hash.text.hasPrefix("$argon2id$v=19$m=19456,t=2,p=1$"))
        #expect(!hash.needsRenewal())
    }

    @Test func `a hash of another cost is renewed`() throws {
        let hash = try PasswordHash.make(Secret("p"), cost: .test)
        #expect(hash.needsRenewal())
        #expect(!hash.needsRenewal(for: .test))
    }

    @Test(arguments: [
        "", "password", "$argon2i$v=19$m=8,t=1,p=1$c29tZXNhbHQ$AAAA", "$2b$12$abcdefghijklmnopqrstuv",
        "$argon2id$v=16$m=8,t=1,p=1$c29tZXNhbHQ$AAAA", "$argon2id$v=19$m=8,t=1$c29tZXNhbHQ$AAAA",
        "$argon2id$v=19$m=4294967295,t=1,p=1$c29tZXNhbHQ$AAAA", "$argon2id$v=19$m=8,t=4000000000,p=1$c29tZXNhbHQ$AAAA",
        "$argon2id$v=19$m=x,t=1,p=1$c29tZXNhbHQ$AAAA",
    ])
    func `what is no bearable Argon2id hash is refused`(text: String) {
        let error = #expect(throws: CryptoError.self) { try PasswordHash(stored: text) }
        #expect(error?.kind == .badPasswordHash)
    }

    @Test func `a hash that cannot be computed is an error, not a wrong password`() throws {
        let hash = try PasswordHash(stored: "$argon2id$v=19$m=8,t=1,p=1$!!!$AAAA")
        #expect(throws: CryptoError.self) { try hash.matches(Secret("p")) }
    }
}
