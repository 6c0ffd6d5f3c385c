import App
import Core
import Database
import HTTP
import Localization
import SQL
import Store
import TestSupport
import Testing

/// What is on record: every action has its words, and can be found.
struct AuditTests {
    /// The ids of all actions that the sources write to the log; one that ends in a dot is completed at run time.
    private static func actions() -> Set<String> {
        var actions: Set<String> = []
        for file in RepositoryFile.all(under: "Sources", ending: ".swift") {
            let text = String(decoding: RepositoryFile.read(file) ?? [], as: UTF8.self)
            guard text.contains("AuditEntry(") else { continue }
            let calls =
                /(?:action:|note\(|[Aa]ction =)\s*(?:\w+ \? )?"([a-z_]+\.[a-z_]*)"(?:\s*:\s*"([a-z_]+\.[a-z_]+)")?/
            for match in text.matches(of: calls) {
                actions.insert(String(match.1))
                if let other = match.2 { actions.insert(String(other)) }
            }
        }
        return actions
    }

    @Test func `every action has a sentence and a kind`() throws {
        let words = try Catalog.load(RepositoryFile.root + "/Locales").words(for: "en")
        let actions = Self.actions()
        #expect(actions.isSuperset(of: ["user.invited", "setting.changed", "plugin.deactivated", "message.cancelled"]))
        #expect(actions.count >= 25)
        for action in actions {
            let ids = action == "consent." ? ["consent.grant", "consent.withdraw"] : [action]
            for id in ids { #expect(words.has("audit." + id), "audit.\(id)") }
            #expect(words.has("audit.kind." + action.prefix { $0 != "." }), "\(action)")
        }
    }

    @Test func `who did what is told in sentences, and leads to what it was done to`() throws {
        let filled = try FilledHouse()
        let owner = try filled.house.signIn(.owner)
        let caller = TestCaller.person(owner)
        _ = try filled.house.post(
            "/admin/contacts/\(filled.ana.id)/consents",
            form: [("purpose", "carts"), ("action", "grant"), ("reason", "She asked for it.")], as: caller)
        _ = try filled.house.post("/admin/users/\(filled.guest.id)/role", form: [("role", "viewer")], as: caller)
        let page = try filled.house.get("/admin/audit", as: caller).text
        #expect(page.contains("Gave guest@shop.example another role: Viewer."))
        #expect(page.contains("href=\"/admin/users/\(filled.guest.id)\""))
        #expect(page.contains("href=\"/admin/contacts/\(filled.ana.id)\""))
        #expect(page.contains("Recorded a yes of Ana Pérez to:"))
        #expect(page.contains("Changed the setting “"))
        let manager = try filled.house.get("/admin/audit", as: filled.house.person(.manager)).text
        #expect(!manager.contains("href=\"/admin/users/"))
    }

    @Test func `the log is narrowed by person, kind and text, and paged without gap`() throws {
        let house = try TestHost()
        let owner = try house.signIn(.owner)
        let now = house.clock.now()
        try house.host.database.write { tx in
            for number in 0..<1200 {
                let entry = AuditEntry(
                    id: ID.make(at: now), at: now, actor: number.isMultiple(of: 2) ? "token:till" : owner.email,
                    action: number.isMultiple(of: 20) ? "token.revoked" : "message.cancelled",
                    subject: "message:\(number)", data: number == 3 ? ["name": "the needle"] : [:])
                try AuditTable.add(entry, in: tx)
            }
        }
        func count(_ query: String) throws -> Int {
            var (next, rows, pages) = (Optional("/admin/audit?" + query), 0, 0)
            while let address = next, pages < 40 {
                let page = try house.get(address, as: .person(owner)).text
                rows += page.matches(of: /<td data-label="When">/).count
                next = page.firstMatch(of: /href="([^"]*)" rel="next"/).map {
                    String($0.1).replacing("&amp;", with: "&")
                }
                pages += 1
            }
            return rows
        }
        #expect(try count("who=token:till") == 600)
        #expect(try count("kind=token") == 60)
        #expect(try count("kind=token&q=nothing+like+it") == 0)
        #expect(try count("q=message:3") == 111)
        #expect(try count("q=revoked&who=token:till") == 60)
        #expect(try count("") == 1200 + 2, "and the settings of the house")
    }
}
