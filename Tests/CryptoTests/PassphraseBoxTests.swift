import Core
import Crypto
import Testing

@Suite struct `A box with a passphrase` {
    private let words = Secret("correct horse battery")

    @Test func `opens with its passphrase alone`() throws {
        let box = try PassphraseBox.seal(Array("the key".utf8), passphrase: words, cost: .test)
        #expect(try PassphraseBox.open(box, passphrase: words) == Array("the key".utf8))
        let error = #expect(throws: CryptoError.self) {
            try PassphraseBox.open(box, passphrase: Secret("correct horse batterz"))
        }
        #expect(error?.kind == .altered)
        #expect(try PassphraseBox.seal([1], passphrase: words, cost: .test) != box)
    }

    @Test func `says in its first line how dear a guess is`() throws {
        let box = try PassphraseBox.seal([1], passphrase: words)
        #expect(String(decoding: box, as: UTF8.self).hasPrefix("cartwright-sealed-1 argon2id m=65536,t=3,p=4 "))
        #expect(try PassphraseBox.open(box, passphrase: words) == [1])
    }

    @Test func `does not open when any byte is another`() throws {
        let box = try PassphraseBox.seal([1, 2, 3], passphrase: words, cost: .test)
        for place in box.indices.dropLast() {
            var altered = box
            altered[place] ^= 1
            #expect(throws: CryptoError.self, "byte \(place)") {
                try PassphraseBox.open(altered, passphrase: words)
            }
        }
    }

    @Test(arguments: [
        "", "cartwright-sealed-1",
        "cartwright-sealed-1 argon2id m=999999999,t=3,p=4 AAAAAAAAAAAAAAAAAAAAAA== AAAA\nAAAA\n",
    ])
    func `refuses what is none, or would take the machine's memory`(text: String) {
        let error = #expect(throws: CryptoError.self) {
            try PassphraseBox.open(Array(text.utf8), passphrase: words)
        }
        #expect(error?.kind == .notSealed)
    }
}
