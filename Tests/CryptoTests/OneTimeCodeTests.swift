import Core
import Crypto
import Testing

@Suite struct OneTimeCodeTests {
    /// RFC 6238, appendix B, the rows of SHA-1: seconds since 1970 and the code of eight digits.
    @Test(
        arguments: [
            (59, "94287082"), (1_111_111_109, "07081804"), (1_111_111_111, "14050471"), (1_234_567_890, "89005924"),
            (2_000_000_000, "69279037"), (20_000_000_000, "65353130"),
        ] as [(Int64, String)])
    func `the published codes come out`(seconds: Int64, code: String) {
        let step = OneTimeCode.step(at: Timestamp(seconds: seconds))
        #expect(Self.published.code(ofStep: step, digits: 8) == code)
        #expect(Self.published.code(ofStep: step) == String(code.suffix(6)))
    }

    private static let published = OneTimeCode(secret: Array("12345678901234567890".utf8))
    private static let now = Timestamp(seconds: 1_795_170_498)

    @Test func `a code is good for its own step and those beside it`() {
        let present = OneTimeCode.step(at: Self.now)
        for offset in Int64(-3)...3 {
            let code = Self.published.code(ofStep: present + offset)
            let found = Self.published.step(of: code, at: Self.now, after: nil)
            #expect(found == (abs(offset) <= 1 ? present + offset : nil), "\(offset)")
        }
    }

    @Test func `a code that was taken, and those before it, are not taken again`() {
        let present = OneTimeCode.step(at: Self.now)
        func taken(_ step: Int64, after last: Int64) -> Int64? {
            Self.published.step(of: Self.published.code(ofStep: step), at: Self.now, after: last)
        }
        #expect(taken(present, after: present) == nil)
        #expect(taken(present - 1, after: present) == nil)
        #expect(taken(present + 1, after: present) == present + 1)
    }

    @Test(arguments: ["", "12345", "1234567", "abcdef", "٠٠٠٠٠٠"])
    func `what is no code is wrong`(code: String) {
        #expect(Self.published.step(of: code, at: Self.now, after: nil) == nil)
    }

    /// RFC 4648, section 10, without the padding.
    @Test(arguments: [
        ("", ""), ("f", "MY"), ("fo", "MZXQ"), ("foo", "MZXW6"), ("foob", "MZXW6YQ"), ("fooba", "MZXW6YTB"),
        ("foobar", "MZXW6YTBOI"),
    ])
    func `Base32 writes the published texts`(text: String, encoded: String) {
        #expect(Base32.encode(Array(text.utf8)) == encoded)
    }

    @Test func `an app is told everything by one address`() {
        #expect(
            Self.published.uri(issuer: "Wool%20Wire", account: "ana%40example.com")
                == "otpauth://totp/Wool%20Wire:ana%40example.com?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
                + "&issuer=Wool%20Wire&algorithm=SHA1&digits=6&period=30")
        #expect(Self.published.groups.joined(separator: " ") == "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ")
    }

    @Test func `a secret does not show itself`() {
        let made = OneTimeCode.make()
        #expect(made.reveal().count == 20)
        #expect(made.reveal() != OneTimeCode.make().reveal())
        for shown in ["\(made)", String(reflecting: made), "\(RecoveryCode.make())"] {
            #expect(shown.hasPrefix("(") && !shown.contains(","), "\(shown)")
        }
    }

    @Test func `a recovery code is read however it is typed`() throws {
        let code = RecoveryCode.make()
        let shown = code.reveal()
        #expect(shown.wholeMatch(of: /([a-z2-7]{4}-){3}[a-z2-7]{4}/) != nil)
        for typed in [shown, shown.uppercased(), shown.replacing("-", with: ""), " " + shown.replacing("-", with: " ")]
        {
            #expect(try #require(RecoveryCode(typed: typed)).hash == code.hash, "\(typed)")
        }
        for typed in ["", "123456", shown + "a", String(shown.dropLast()) + "1"] {
            #expect(RecoveryCode(typed: typed) == nil, "\(typed)")
        }
    }
}
