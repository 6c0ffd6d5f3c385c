import Core
import HTTP
import TestSupport
import Testing

@Suite struct MailClientTests {
    private func send(_ double: MailDouble, trusting: Bool = true, url: String? = nil) throws {
        let message = MailMessage(
            from: try #require(MailAddress("shop@mail.example")), sender: "Shop",
            to: [try #require(MailAddress("a@shop.example")), try #require(MailAddress("b@shop.example"))],
            subject: "Hello", text: "One\n.two\n", at: Timestamp(milliseconds: 0), id: "1")
        let server = try #require(MailServer(url ?? double.url))
        try CurlMail(extraAuthority: trusting ? double.authority : nil).send(message, through: server)
    }

    @Test(arguments: [MailDouble.Security.plain, .startTLS, .tls])
    func `a mail reaches every recipient, whole`(_ security: MailDouble.Security) throws {
        let double = try MailDouble(security)
        try send(double)
        let mail = try #require(double.mails.first)
        #expect(mail.from == "shop@mail.example")
        #expect(mail.to == ["a@shop.example", "b@shop.example"])
        #expect(mail.text.hasSuffix("One\r\n.two\r\n\r\n"))
        #expect(mail.wasEncrypted == (security != .plain))
        #expect((mail.login != nil) == (security != .plain))
    }

    @Test func `nothing is said without encryption unless the address asks for it`() throws {
        let double = try MailDouble(.plain)
        #expect(throws: MailError.self) { try send(double, url: "smtp://a:secret@127.0.0.1:\(double.port)") }
        #expect(!double.commands.contains { $0.hasPrefix("AUTH") || $0.hasPrefix("MAIL") })
        #expect(double.mails.isEmpty)
    }

    @Test func `a certificate that nobody vouches for ends it`() throws {
        let double = try MailDouble(.startTLS)
        #expect(throws: MailError.self) { try send(double, trusting: false) }
        #expect(!double.commands.contains { $0.hasPrefix("AUTH") })
    }

    @Test(arguments: [
        (MailDouble.Behaviour.says("550 no such box", at: "RCPT"), true),
        (.says("450 come back later", at: "RCPT"), false),
        (.says("421 busy", at: "MAIL"), false), (.says("554 spam", at: "."), true), (.closes(at: "DATA"), false),
        (.closes(at: "."), false),
    ])
    func `a refusal says whether trying again helps`(behaviour: MailDouble.Behaviour, isFinal: Bool) throws {
        let double = try MailDouble(script: [behaviour])
        let error = try #require(throws: MailError.self) { try send(double) }
        #expect(error.isFinal == isFinal, "\(error)")
        #expect(!error.message.contains("@"))
        try send(double)
        #expect(double.mails.count == 1)
    }

    @Test func `a server that is not there is tried again`() throws {
        let double = try MailDouble()
        let url = double.url
        double.stop()
        let error = try #require(throws: MailError.self) { try send(double, url: url) }
        #expect(!error.isFinal)
    }
}
