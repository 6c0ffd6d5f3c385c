import HTTP
import TestSupport

/// What a person and an operator see of a web node after a run.
struct ClusterPages {
    private let site: SiteClient

    init(of node: ClusterNode) throws {
        guard let site = node.site else { throw ProcessFailure("\(node.name) is down") }
        self.site = site
    }

    /// What is not as it must be.
    /// - Parameter messages: how many there are of each status.
    func findings(messages: [String: Int], order: String, message: String) throws -> [String] {
        let ana = try SignedInProcess(Cluster.owner.email, Cluster.owner.password, on: site)
        var findings: [String] = []
        for path in ["/admin", "/admin/messages", "/admin/deliveries", "/admin/jobs", "/admin/messages/\(message)"]
        where !(try ana.page(path).contains("</html>")) {
            findings.append("\(path) is cut off")
        }
        let orders = try ana.page("/admin/orders?q=\(order)")
        guard let path = orders.firstMatch(of: /\/admin\/orders\/[0-9A-Za-z]{10,}/)?.0 else {
            return findings + ["order \(order) is not on the page of orders"]
        }
        if !(try ana.page(String(path)).contains("Ana Pérez")) { findings.append("\(path) does not name Ana") }
        if try site.send(.get, "/readyz").status != 200 { findings.append("not ready") }
        let figures = try site.send(.get, "/metrics")
        let counted = String(decoding: figures.body, as: UTF8.self).split(separator: "\n")
            .filter { $0.hasPrefix("cartwright_messages{") }
            .compactMap { $0.split(separator: " ").last.flatMap { Int($0) } }.reduce(0, +)
        // Of each status it counts the newest 10,000.
        let expected = messages.values.reduce(0) { $0 + min($1, 10_000) }
        if counted != expected { findings.append("/metrics counts \(counted) messages in place of \(expected)") }
        return findings
    }
}
