import Crypto
import Testing

@Suite struct TokenTests {
    @Test func `a token is its prefix and 43 URL-safe characters`() {
        let text = Token.make(prefix: "cw_").reveal()
        #expect(text.hasPrefix("cw_"))
        #expect(text.utf8.count == 46)
        #expect(Token.isWellFormed(text, prefix: "cw_"))
        #expect(!Token.isWellFormed(text))
        #expect(!Token.isWellFormed(String(text.dropLast()), prefix: "cw_"))
        #expect(!Token.isWellFormed("cw_" + String(repeating: "*", count: 43), prefix: "cw_"))
    }

    @Test func `only its hash is stored, and found again`() {
        let token = Token.make(prefix: "cw_")
        #expect(token.hash == Token.hash(of: token.reveal()))
        #expect(token.hash.utf8.count == 64)
        #expect(Token.hash(of: "abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(Set((0..<1000).map { _ in Token.make().hash }).count == 1000)
    }
}
