import App
import Core
import Crypto
import Database
import HTTP
import PluginKit
import SQL
import Store
import TestSupport
import Text

/// A house whose alerts go to a doubled mail server and a doubled program.
struct AlertHouse {
    let mail: MailDouble
    let program: MisbehavingServer
    let house: TestHost

    /// - Parameter other: another process on the same database, which tells the same people.
    init(
        _ engine: Engine = .sqlite, settings: [String: String] = [:], client: (any HTTPClient)? = nil,
        beside other: AlertHouse? = nil, options change: (inout HostOptions) -> Void = { _ in }
    ) throws {
        mail = try other?.mail ?? MailDouble()
        program = try other?.program ?? MisbehavingServer()
        let usual = [
            "alerts.email": "owner@shop.example, night@shop.example", "smtp.url": mail.url,
            "alerts.webhook": program.url + "/alerts",
        ]
        house = try TestHost(
            engine, client: client ?? CurlClient(version: "test"), settings: usual.merging(settings) { $1 },
            beside: other?.house, options: change)
        try house.runJobs()
    }

    var host: Host { house.host }

    static func alert(_ id: String = "shop.webhooks", _ severity: Alert.Severity = .bad) -> Alert {
        Alert(
            id: id, severity: severity, word: "alert.job_fails", arguments: ["job": "Größe \(id)"], href: "/admin/jobs")
    }

    /// The decoded subjects of the mails that came.
    var subjects: [String] { mail.mails.map { Self.subject($0.text) } }

    static func subject(_ mail: String) -> String {
        var text = ""
        var isInside = false
        for line in mail.split(separator: "\r\n", omittingEmptySubsequences: false).prefix(while: { !$0.isEmpty }) {
            if line.hasPrefix("Subject: ") { isInside = true } else if !line.hasPrefix(" ") { isInside = false }
            guard isInside else { continue }
            let words = line.matches(of: /=\?utf-8\?B\?([^?]*)\?=/)
            if words.isEmpty { text += line.trimmingPrefix("Subject: ") }
            for word in words { text += String(decoding: [UInt8](base64: String(word.1)) ?? [], as: UTF8.self) }
        }
        return text
    }

    func states() throws -> [[String?]] {
        try program.requests.map { request in
            try JSON(parsing: request.body)["alerts"].expectArray().map { $0["state"].string }
        }
    }

    /// Lets time pass, with the jobs of every minute that comes due.
    func wait(_ span: Timestamp.Span) throws {
        house.clock.advance(by: span)
        try house.runJobs()
    }

    func routes() throws -> [String: AlertRoutesTable.Entry] {
        try Dictionary(
            uniqueKeysWithValues: host.database.read { tx in try AlertRoutesTable.all(in: tx) }.map { ($0.route, $0) })
    }

    func openIDs() throws -> [String] { try host.database.read { tx in try AlertsTable.allOpen(in: tx).map(\.id) } }
}
