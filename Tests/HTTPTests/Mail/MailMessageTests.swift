import Core
import Crypto
import HTTP
import Testing

@Suite struct MailMessageTests {
    private func message(
        sender: String = "Wool & Wire", subject: String = "Hello", text: String = "Hi"
    ) throws -> MailMessage {
        MailMessage(
            from: try #require(MailAddress("shop@mail.example")), sender: sender,
            to: [try #require(MailAddress("owner@shop.example"))], subject: subject, text: text,
            at: Timestamp(milliseconds: 784_111_777_000), id: "alert-17")
    }

    private func lines(_ message: MailMessage) -> [String] {
        String(decoding: message.bytes, as: UTF8.self).split(separator: "\r\n", omittingEmptySubsequences: false)
            .map(String.init)
    }

    /// The text of encoded words on unfolded lines.
    private func decoded(_ header: String, of message: MailMessage) -> String {
        var text = ""
        var isInside = false
        for line in lines(message).prefix(while: { !$0.isEmpty }) {
            if line.hasPrefix(header + ": ") { isInside = true } else if !line.hasPrefix(" ") { isInside = false }
            guard isInside else { continue }
            for match in line.matches(of: /=\?utf-8\?B\?([^?]*)\?=/) {
                text += String(decoding: [UInt8](base64: String(match.1)) ?? [], as: UTF8.self)
            }
        }
        return text
    }

    @Test func `a mail has every header that servers ask for`() throws {
        let lines = lines(try message())
        #expect(lines.contains("Date: Sun, 06 Nov 1994 08:49:37 +0000"))
        #expect(lines.contains("To: owner@shop.example"))
        #expect(lines.contains("Message-ID: <alert-17@mail.example>"))
        #expect(lines.contains("Subject: Hello"))
        #expect(lines.contains("Content-Type: text/plain; charset=utf-8"))
        #expect(lines.contains { $0.hasPrefix("From: =?utf-8?B?") && $0.hasSuffix("?= <shop@mail.example>") })
    }

    @Test func `a subject in any script survives, in lines that are short enough`() throws {
        let subject = String(repeating: "Größe 漢字 🧶 ", count: 20)
        let message = try message(subject: subject)
        #expect(decoded("Subject", of: message) == subject)
        #expect(lines(message).allSatisfy { $0.utf8.count <= 85 && $0.utf8.allSatisfy { $0 < 0x80 } })
    }

    @Test(arguments: ["Hi\r\nBcc: all@example.com", "Hi\nBcc: all@example.com", "Hi\rBcc: all@example.com"])
    func `nothing that is said becomes a header of its own`(text: String) throws {
        let message = try message(sender: text, subject: text)
        let headers = lines(message).prefix { !$0.isEmpty }
        #expect(!headers.contains { $0.hasPrefix("Bcc") })
        #expect(decoded("Subject", of: message).contains("Bcc"))
        for address in [text + "@shop.example", "owner@shop.example>\r\nRCPT TO:<x@example.com", "a b@c.example"] {
            #expect(MailAddress(address) == nil)
        }
    }

    @Test func `a text comes through quoted-printable, lone line ends and trailing blanks among it`() throws {
        let text = "a=b \nGröße\r\n.dot\n" + String(repeating: "x", count: 200)
        let bytes = try message(text: text).bytes
        let body = String(decoding: bytes, as: UTF8.self).components(after: "\r\n\r\n")
        #expect(body.split(separator: "\r\n").allSatisfy { $0.utf8.count <= 76 })
        #expect(body.hasPrefix("a=3Db=20\r\nGr=C3=B6=C3=9Fe\r\n.dot\r\n"))
        #expect(body.replacing("=\r\n", with: "").contains(String(repeating: "x", count: 200)))
    }

    @Test(
        arguments: [
            ("smtps://a%40b.example:p%3Aw@mail.example:465", true, "a@b.example"), ("smtp://mail.example", false, nil),
            ("smtp://10.0.0.2:2525?starttls=off", false, nil),
        ] as [(String, Bool, String?)])
    func `a mail server is read from its address`(text: String, fromStart: Bool, user: String?) throws {
        let server = try #require(MailServer(text))
        #expect(server.isTLSFromStart == fromStart)
        #expect(server.user == user)
        #expect(server.mayBePlain == text.hasSuffix("off"))
    }

    @Test(arguments: [
        "", "mail.example", "https://mail.example", "smtp://", "smtps://mail.example?starttls=off",
        "smtp://mail.example?x=1", "smtp://mail.example/path", "smtp://mail example",
    ])
    func `what is no mail server's address is refused`(text: String) { #expect(MailServer(text) == nil) }
}

extension String {
    fileprivate func components(after separator: String) -> String {
        firstRange(of: separator).map { String(self[$0.upperBound...]) } ?? ""
    }
}
