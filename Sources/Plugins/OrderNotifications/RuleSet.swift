import Core
package import PluginKit

/// All rules, in the order in which the shop owner has them.
package struct RuleSet: Sendable, Equatable {
    package var rules: [Rule]

    package init(_ rules: [Rule]) { self.rules = rules }

    package subscript(id: String) -> Rule? { rules.first { $0.id == id } }

    /// A fresh site's: what every customer wants to know is on, the rest waits to be wanted. The texts are the
    /// catalogue's, so each customer reads them in a language of their own.
    package static let standard = RuleSet(
        Rule.statuses.map { Rule(id: $0, status: $0, isOn: $0 != "pending") }
            + Rule.moments.map { Rule(id: $0, status: $0, isOn: false) })

    /// Puts a rule in the place of the one with its id, or at the end.
    package func with(_ rule: Rule) -> RuleSet {
        var changed = self
        if let place = rules.firstIndex(where: { $0.id == rule.id }) {
            changed.rules[place] = rule
        } else {
            changed.rules.append(rule)
        }
        return changed
    }

    package func without(id: String) -> RuleSet { RuleSet(rules.filter { $0.id != id }) }

    /// An id for a new rule about `status`: `processing`, then `processing-2`.
    package func freeID(for status: String) -> String {
        guard self[status] != nil || status == Rule.newID else { return status }
        var number = 2
        while self["\(status)-\(number)"] != nil { number += 1 }
        return "\(status)-\(number)"
    }

    /// Throws the first thing that is wrong, with the rule it is wrong in.
    package func check() throws(SettingProblem) {
        var seen: Set<String> = []
        for rule in rules {
            if let problem = rule.problems().first { throw problem.settingProblem(of: rule) }
            guard seen.insert(rule.id).inserted else { throw SettingProblem("rule_twice", ["rule": rule.id]) }
        }
    }
}

/// The setting `orders.rules`.
package enum RuleSettings {
    package static let rules = Setting<RuleSet>(
        SettingDeclaration(
            key: "orders.rules",
            kind: .custom { text throws(SettingProblem) in
                let set = try RuleSet(json: text)
                try set.check()
                return set.json
            },
            defaultText: RuleSet.standard.json, tab: nil)
    ) { text in
        // Only text that was checked when it was stored comes here.
        (try? RuleSet(json: text)) ?? RuleSet([])
    }
}
