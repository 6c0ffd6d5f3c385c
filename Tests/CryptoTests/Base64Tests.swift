import Crypto
import Testing

@Suite struct Base64Tests {
    /// RFC 4648, section 10.
    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
        ("foobar", "Zm9vYmFy"),
    ])
    func `the published examples hold both ways`(text: String, encoded: String) {
        let bytes = Array(text.utf8)
        #expect(bytes.base64 == encoded)
        #expect([UInt8](base64: encoded) == bytes)
        let bare = encoded.filter { $0 != "=" }
        #expect(bytes.base64URL == bare)
        #expect([UInt8](base64URL: bare) == bytes)
    }

    @Test func `the alphabets differ in two characters`() {
        let bytes: [UInt8] = [0xFB, 0xFF, 0xBF]
        #expect(bytes.base64 == "+/+/")
        #expect(bytes.base64URL == "-_-_")
        #expect([UInt8](base64URL: "+/+/") == nil)
        #expect([UInt8](base64: "-_-_") == nil)
    }

    @Test func `all bytes come back`() {
        for count in 0..<260 {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 7 + count) }
            #expect([UInt8](base64: bytes.base64) == bytes)
            #expect([UInt8](base64URL: bytes.base64URL) == bytes)
        }
    }

    @Test(arguments: [
        "Zg", "Zg=", "Zg===", "Z===", "====", "=", "Zh==", "Zm9=", "Zm 9v", "Zm9v\n", "Zm9v=", "Z=g=", "Zg==Zg==",
        "é===",
    ])
    func `a second way to write the same bytes is refused`(text: String) {
        #expect([UInt8](base64: text) == nil)
    }

    @Test(arguments: ["Z", "Zg==", "Zh", "Zm9", "Zm9vY", "Zm9v "])
    func `a second way to write the same bytes URL-safe is refused`(text: String) {
        #expect([UInt8](base64URL: text) == nil)
    }
}
