import App
import Core
import Domain
import HTTP
import Store
import TestSupport
import Testing

/// Who may do what in the admin: every role against every route.
struct AdminAccessTests {
    /// The least role of each route; a new route of the admin belongs here.
    private static let leastRoles: [(method: HTTP.Method, path: String, least: Role?)] = [
        (.get, "/admin/", nil), (.get, "/admin/login", nil), (.post, "/admin/login", nil), (.get, "/admin/start", nil),
        (.post, "/admin/start", nil), (.get, "/admin/login/code", nil), (.post, "/admin/login/code", nil),
        (.get, "/admin/link", nil), (.post, "/admin/link", nil), (.get, "/admin/confirm", .viewer),
        (.post, "/admin/confirm", .viewer), (.post, "/admin/logout", .viewer), (.get, "/admin", .viewer),
        (.post, "/admin/pauses/lift", .manager), (.get, "/admin/search", .viewer), (.get, "/admin/orders", .viewer),
        (.get, "/admin/orders/{id}", .viewer), (.get, "/admin/contacts", .viewer),
        (.get, "/admin/contacts/{id}", .viewer), (.post, "/admin/contacts/{id}/consents", .manager),
        (.get, "/admin/messages", .viewer), (.get, "/admin/messages/{id}", .viewer),
        (.post, "/admin/messages/{id}/again", .manager), (.post, "/admin/messages/{id}/cancel", .manager),
        (.get, "/admin/deliveries", .manager), (.get, "/admin/deliveries/{id}", .manager),
        (.post, "/admin/deliveries/{id}/replay", .manager), (.get, "/admin/jobs", .manager),
        (.post, "/admin/jobs/{id}/run", .manager),
        (.post, "/admin/alerts/test", .manager), (.get, "/admin/plugins", .manager),
        (.post, "/admin/plugins/{id}/activate", .owner), (.post, "/admin/plugins/{id}/deactivate", .owner),
        (.get, "/admin/account", .viewer), (.post, "/admin/account/name", .viewer),
        (.post, "/admin/account/password", .viewer), (.post, "/admin/account/sessions/{id}/end", .viewer),
        (.post, "/admin/account/sessions/end-others", .viewer), (.get, "/admin/account/second-factor", .viewer),
        (.post, "/admin/account/second-factor/begin", .viewer), (.post, "/admin/account/second-factor/on", .viewer),
        (.post, "/admin/account/second-factor/codes", .viewer), (.post, "/admin/account/second-factor/off", .viewer),
        (.get, "/admin/users", .owner), (.post, "/admin/users/invite", .owner),
        (.post, "/admin/users/invitations/{id}/withdraw", .owner), (.get, "/admin/users/{id}", .owner),
        (.post, "/admin/users/{id}/role", .owner), (.post, "/admin/users/{id}/link", .owner),
        (.post, "/admin/users/{id}/second-factor-off", .owner), (.post, "/admin/users/{id}/sign-out", .owner),
        (.post, "/admin/users/{id}/remove", .owner), (.get, "/admin/tokens", .owner),
        (.post, "/admin/tokens", .owner), (.post, "/admin/tokens/{id}/revoke", .owner),
        (.get, "/admin/backups", .owner), (.post, "/admin/backups", .owner), (.get, "/admin/backups/{id}/file", .owner),
        (.get, "/admin/instance", .owner), (.post, "/admin/instance/confirm", .owner),
        (.post, "/admin/instance/copy", .owner),
        (.get, "/admin/privacy", .viewer), (.get, "/admin/doctor", .manager), (.post, "/admin/doctor", .manager),
        (.get, "/admin/plugins/{id}/uninstall", .owner), (.post, "/admin/plugins/{id}/uninstall", .owner),
        (.get, "/admin/audit", .manager), (.get, "/admin/settings", .manager),
        (.get, "/admin/settings/{tab}", .manager),
        (.post, "/admin/settings/{tab}", .owner),
    ]

    @Test func `the table below has every route of the host's admin`() throws {
        let house = try TestHost()
        let routes = house.application.allRoutes.filter { $0.path == "/admin" || $0.path.hasPrefix("/admin/") }
        let known = Set(Self.leastRoles.map { "\($0.method) \($0.path)" })
        #expect(Set(routes.map { "\($0.method) \($0.path)" }) == known)
    }

    @Test(arguments: [Role?.none] + Role.allCases.map(Optional.some))
    func `each role is let in where it belongs, and nowhere else`(role: Role?) throws {
        let filled = try FilledHouse()
        let caller = try role.map { try filled.house.person($0) } ?? .nobody
        // A backup's file needs a backup: its own tests ask for it as each role.
        let others: Set = ["/admin/logout", "/admin/backups/{id}/file"]
        for (method, path, least) in Self.leastRoles where least != nil && !others.contains(path) {
            // One more for each row, as rows are ended and removed.
            let address = try Self.address(path, in: filled)
            let answer = try filled.house.send(method, address, method == .post ? .form([]) : .none, as: caller)
            let what = "\(method) \(address) as \(role?.rawValue ?? "nobody")"
            if role == nil {
                #expect(answer.status == 303 && answer.location?.hasPrefix("/admin/login?next=") == true, "\(what)")
            } else if let role, let least, role < least {
                #expect(answer.status == 403, "\(what)")
            } else {
                // There is no such session: of one's own there is a test by itself.
                let known = path.contains("/sessions/{id}") ? [404] : [200, 303, 422]
                #expect(known.contains(answer.status), "\(what): \(answer.status)")
                #expect(answer.location?.hasPrefix("/admin/login") != true, "\(what)")
            }
        }
    }

    @Test func `a form without its token changes nothing and gets a kind page`() throws {
        let filled = try FilledHouse()
        let owner = try filled.house.person(.owner)
        for (method, path, least) in Self.leastRoles where method == .post && least != nil {
            let address = try Self.address(path, in: filled)
            let answer = try filled.house.post(address, form: [("csrf", "made up")], as: owner)
            #expect(answer.status == 403, "\(address)")
            #expect(answer.headers["Content-Type"] == "text/html; charset=utf-8", "\(address)")
            #expect(answer.text.contains("<h1>"), "\(address)")
        }
        #expect(try filled.house.get("/admin", as: owner).status == 200)
    }

    private static func address(_ path: String, in filled: FilledHouse) throws -> String {
        let id =
            switch path.split(separator: "/").dropFirst().first {
            case "account": "1"
            case "tokens": try filled.addToken().description
            case "users" where path.contains("invitations"): try filled.addInvitation().description
            case "users": filled.guest.id.description
            case "orders": filled.order.id.description
            case "contacts": filled.ana.id.description
            case "messages": (filled.messages[.failed] ?? ID(0)).description
            case "deliveries": filled.delivery.description
            case "jobs": filled.anyJob.description
            default: "sample"
            }
        return path.replacing("{id}", with: id).replacing("{tab}", with: "site")
    }

    @Test func `a viewer sees phones and addresses masked on every page, a manager sees them`() throws {
        let filled = try FilledHouse()
        let viewer = try filled.house.person(.viewer)
        let manager = try filled.house.person(.manager)
        var seen: Set<String> = []
        for address in filled.addresses where AdminPagesTests.least(address) < .owner {
            let page = try filled.house.get(address, as: manager).text
            seen.formUnion(FilledHouse.secrets.filter { page.contains($0) })
            guard AdminPagesTests.least(address) == .viewer else { continue }
            let masked = try filled.house.get(address, as: viewer).text
            for secret in FilledHouse.secrets {
                #expect(!masked.contains(secret), "\(address) shows \(secret)")
            }
        }
        // Else the test would hold for pages that show nobody.
        #expect(seen == Set(FilledHouse.secrets))
    }

    @Test func `what was searched for stays masked in what is found`() throws {
        let filled = try FilledHouse()
        let page = try filled.house.get("/admin/search?q=202-555-0141", as: filled.house.person(.viewer)).text
        #expect(page.contains("Ana Pérez"))
        #expect(page.contains("+12•••••••41"))
        #expect(!page.contains("+12025550141"))
    }
}
