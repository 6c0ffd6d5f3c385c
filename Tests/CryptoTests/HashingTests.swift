import Core
import Crypto
import Testing

@Suite struct HashingTests {
    /// FIPS 180-4 examples.
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
    ])
    func `SHA-256 gives the published digests`(text: String, digest: String) {
        #expect(SHA256.hash(text).hex == digest)
    }

    @Test func `a hash in pieces is the hash of the whole`() {
        var hash = SHA256()
        for _ in 0..<1000 { hash.update(Array(repeating: UInt8(ascii: "a"), count: 1000)) }
        hash.update([])
        #expect(hash.finish().hex == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
    }

    /// RFC 4231, test cases 1, 2 and 6.
    @Test(arguments: [
        (
            Array(repeating: UInt8(0x0B), count: 20), "Hi There",
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
        ),
        (
            Array("Jefe".utf8), "what do ya want for nothing?",
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        ),
        (
            Array(repeating: UInt8(0xAA), count: 131), "Test Using Larger Than Block-Size Key - Hash Key First",
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
        ),
    ])
    func `HMAC gives the published codes`(key: [UInt8], text: String, code: String) {
        let signature = Signature(key: key)
        #expect(signature.code(for: text).hex == code)
        #expect(signature.isValid(hex: code, for: Array(text.utf8)))
        #expect(signature.isValid(hex: code.uppercased(), for: Array(text.utf8)))
    }

    @Test func `HMAC takes an empty key and an empty text`() {
        #expect(
            Signature(key: []).code(for: "").hex == "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad")
    }

    @Test func `a signature is read in each form that webhooks use`() {
        let signature = Signature(key: Secret("shared"))
        let body = Array("{\"id\":1}".utf8)
        let code = signature.code(for: body)
        #expect(signature.isValid(base64: code.base64, for: body))
        #expect(signature.isValid(prefixedHex: "sha256=" + code.hex, for: body))
        #expect(!signature.isValid(prefixedHex: code.hex, for: body))
        #expect(!signature.isValid(prefixedHex: "sha1=" + code.hex, for: body))
        #expect(!signature.isValid(base64: code.base64URL, for: body))
        #expect(!Signature(key: Secret("other")).isValid(code, for: body))
    }

    @Test func `a signature with any byte changed, missing or added is refused`() {
        let signature = Signature(key: Secret("shared"))
        let body = Array("{\"id\":1}".utf8)
        let code = signature.code(for: body)
        for i in code.indices {
            var changed = code
            changed[i] ^= 1
            #expect(!signature.isValid(changed, for: body))
        }
        for i in body.indices {
            var changed = body
            changed[i] ^= 1
            #expect(!signature.isValid(code, for: changed))
        }
        #expect(!signature.isValid(Array(code.dropLast()), for: body))
        #expect(!signature.isValid(code + [0], for: body))
        #expect(!signature.isValid(hex: "", for: body))
        #expect(!signature.isValid(base64: "", for: body))
        #expect(!signature.isValid(prefixedHex: "sha256=", for: body))
    }

    @Test func `constant-time comparison is a comparison`() {
        #expect(ConstantTime.equal([1, 2, 3], [1, 2, 3]))
        #expect(ConstantTime.equal([], []))
        #expect(!ConstantTime.equal([1, 2, 3], [1, 2, 4]))
        #expect(!ConstantTime.equal([1, 2, 3], [1, 2]))
        #expect(ConstantTime.equal("token", "token"))
        #expect(!ConstantTime.equal("token", "tokem"))
    }

    @Test func `random bytes have the length asked for and do not repeat`() {
        for count in [0, 1, 32, 1000] { #expect(RandomBytes.make(count).count == count) }
        #expect(Set((0..<1000).map { _ in RandomBytes.make(16) }).count == 1000)
    }
}
