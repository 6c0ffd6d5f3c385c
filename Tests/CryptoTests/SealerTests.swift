import Core
import Crypto
import Testing

@Suite struct SealerTests {
    private let key = MasterKey.make()

    /// The Galois/Counter Mode of Operation (McGrew, Viega), test cases 13, 14 and 16.
    @Test(arguments: [
        [
            String(repeating: "00", count: 32), "000000000000000000000000", "", "",
            "530f8afbc74536b9a963b4f1c4cb738b",
        ],
        [
            String(repeating: "00", count: 32), "000000000000000000000000", "", "00000000000000000000000000000000",
            "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919",
        ],
        [
            "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308", "cafebabefacedbaddecaf888",
            "feedfacedeadbeeffeedfacedeadbeefabaddad2",
            "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
                + "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
            "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
                + "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f66276fc6ece0f4e1768cddf8853bb2d551b",
        ],
    ])
    func `the cipher gives the published boxes`(fields: [String]) throws {
        let bytes = try fields.map { try #require([UInt8](hex: $0)) }
        let box = AESGCM.seal(bytes[3], key: bytes[0], nonce: bytes[1], associated: bytes[2])
        #expect(box == bytes[4])
        #expect(AESGCM.open(box, key: bytes[0], nonce: bytes[1], associated: bytes[2]) == bytes[3])
    }

    @Test(arguments: ["", "x", "EAAG-token", String(repeating: "long ", count: 10_000), "clé 🔑"])
    func `what was sealed opens under its name`(text: String) throws {
        let sealer = Sealer(key)
        let sealed = sealer.seal(Secret(text), name: "meta.access_token")
        #expect(sealed.count == 37 + text.utf8.count)
        #expect(try sealer.openSecret(sealed, name: "meta.access_token").reveal() == text)
        #expect(sealer.seal(Secret(text), name: "meta.access_token") != sealed)
    }

    @Test func `the form is version, key id, nonce, text and tag`() throws {
        let sealed = Sealer(key).seal([1, 2, 3], name: "n")
        #expect(sealed.count == 1 + 8 + 12 + 3 + 16)
        #expect(sealed[0] == 1)
        #expect(Array(sealed[1..<9]).hex == key.id)
    }

    @Test func `another name does not open it`() {
        let sealer = Sealer(key)
        let sealed = sealer.seal([1, 2, 3], name: "meta.access_token")
        for name in ["meta.app_secret", "", "meta.access_token "] {
            #expect(throws: CryptoError.self) { try sealer.open(sealed, name: name) }
        }
    }

    @Test func `each altered byte is noticed, and said for what it is`() {
        let sealer = Sealer(key)
        let sealed = sealer.seal(Array("secret".utf8), name: "n")
        for i in sealed.indices {
            for bit in [UInt8(1), 0x80] {
                var altered = sealed
                altered[i] ^= bit
                let error = #expect(throws: CryptoError.self) { try sealer.open(altered, name: "n") }
                switch i {
                case 0: #expect(error?.kind == .notSealed)
                case 1..<9: #expect(error?.kind == .unknownKey(id: Array(altered[1..<9]).hex))
                default: #expect(error?.kind == .altered)
                }
            }
        }
    }

    @Test func `a cut value is never opened`() {
        let sealer = Sealer(key)
        let sealed = sealer.seal(Array("secret".utf8), name: "n")
        for count in sealed.indices {
            #expect(throws: CryptoError.self) { try sealer.open(Array(sealed.prefix(count)), name: "n") }
        }
        #expect(throws: CryptoError.self) { try sealer.open(sealed + [0], name: "n") }
    }

    @Test func `another key's value names that key`() {
        let other = MasterKey.make()
        let sealed = Sealer(other).seal([1], name: "n")
        let error = #expect(throws: CryptoError.self) { try Sealer(key).open(sealed, name: "n") }
        #expect(error?.kind == .unknownKey(id: other.id))
    }

    @Test func `after a rotation old values open and are known as old`() throws {
        let old = Sealer(key)
        let sealed = old.seal([7], name: "n")
        let rotated = Sealer(.make(), former: [key])
        #expect(try rotated.open(sealed, name: "n") == [7])
        #expect(try rotated.isOutdated(sealed))
        let anew = rotated.seal([7], name: "n")
        #expect(try !rotated.isOutdated(anew))
        #expect(throws: CryptoError.self) { try old.open(anew, name: "n") }
    }

    @Test func `bytes that are no text do not become a secret`() throws {
        let sealer = Sealer(key)
        let sealed = sealer.seal([0xFF, 0xFE], name: "n")
        #expect(throws: CryptoError.self) { try sealer.openSecret(sealed, name: "n") }
        #expect(try sealer.open(sealed, name: "n") == [0xFF, 0xFE])
    }

    @Test func `keys and tokens have no text that tells`() {
        let token = Token.make()
        #expect("\(token)" == "(token)")
        #expect(!String(reflecting: token).contains(token.reveal()))
        #expect("\(key)" == "(master key \(key.id))")
        var dumped = ""
        dump(key, to: &dumped)
        dump(Signature(key: Secret("hidden")), to: &dumped)
        #expect(!dumped.contains("hidden") && !dumped.contains("bytes"))
    }
}
