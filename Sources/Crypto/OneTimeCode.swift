import CCrypto
package import Core

/// The code of six digits that an authenticator app shows: TOTP (RFC 6238) with HMAC-SHA1 and steps of 30 seconds,
/// the only form that every app knows.
///
/// A code is good for its own step and the ones beside it, since clocks differ, and only once: who accepts it stores
/// its step and takes no code of that step or an earlier one again.
package struct OneTimeCode: Sendable, CustomStringConvertible, CustomReflectable {
    package static let digits = 6
    /// RFC 4226, section 4: at least 128 bits, 160 recommended.
    private static let secretCount = 20
    private static let step = Timestamp.Span.seconds(30)

    private let secret: [UInt8]

    package init(secret: [UInt8]) { self.secret = secret }

    /// A secret that nobody has yet.
    package static func make() -> OneTimeCode { OneTimeCode(secret: RandomBytes.make(secretCount)) }

    /// The number of the 30 seconds that hold `time`, counted from 1970.
    package static func step(at time: Timestamp) -> Int64 { time.milliseconds / step.milliseconds }

    /// The code of one step (RFC 4226, 5.3).
    package func code(ofStep step: Int64, digits: Int = digits) -> String {
        let counter = (0..<8).map { UInt8(truncatingIfNeeded: step >> Int64(56 - 8 * $0)) }
        let code = hash(counter)
        let offset = Int(code[19] & 15)
        let word = code[offset..<offset + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) } & 0x7fff_ffff
        let modulus = (0..<digits).reduce(UInt32(1)) { power, _ in power * 10 }
        let text = String(word % modulus)
        return String(repeating: "0", count: digits - text.count) + text
    }

    /// The step whose code this is: the present one, or the one before or after it.
    ///
    /// - Parameter last: the step of the last code that was taken; nil when none was.
    /// - Returns: nil for a wrong code, and for one that was used.
    package func step(of code: String, at now: Timestamp, after last: Int64?) -> Int64? {
        let present = Self.step(at: now)
        var found: Int64?
        // All three are compared, whichever is right.
        for step in (present - 1)...(present + 1) where ConstantTime.equal(code, self.code(ofStep: step)) {
            if last.map({ step > $0 }) ?? true { found = step }
        }
        return found
    }

    /// The secret, to be sealed before it is stored.
    package func reveal() -> [UInt8] { secret }

    /// The secret as apps take it by hand: RFC 4648 Base32 in groups of four.
    package var groups: [String] {
        let letters = Array(Base32.encode(secret))
        return stride(from: 0, to: letters.count, by: 4).map { String(letters[$0..<min($0 + 4, letters.count)]) }
    }

    /// What the QR code says: the key URI that Google Authenticator introduced and the others took over.
    ///
    /// - Parameters:
    ///   - issuer: whose account it is, as the app lists it, percent-encoded.
    ///   - account: which account, percent-encoded.
    package func uri(issuer: String, account: String) -> String {
        "otpauth://totp/\(issuer):\(account)?secret=\(Base32.encode(secret))&issuer=\(issuer)"
            + "&algorithm=SHA1&digits=\(Self.digits)&period=\(Self.step.milliseconds / 1000)"
    }

    private func hash(_ bytes: [UInt8]) -> [UInt8] {
        Array(unsafeUninitializedCapacity: 20) { code, count in
            precondition(
                ccrypto_hmac_sha1(secret, secret.count, bytes, bytes.count, code.baseAddress), "HMAC cannot fail")
            count = 20
        }
    }

    package var description: String { "(one-time code secret)" }
    package var customMirror: Mirror { Mirror(self, children: [:]) }
}
