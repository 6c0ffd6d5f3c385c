import Core
import HTTP
import Localization
import Messaging
package import PluginKit
import Text

extension SettingKind {
    /// The normalised form of what was typed; empty stands for "back to the default".
    package func check(_ typed: String) throws(SettingProblem) -> String {
        let text = typed.trimmingSpaces
        if text.isEmpty { return "" }
        guard !text.utf8.contains(0) else { throw SettingProblem("has_nul") }
        switch self {
        case .text(let maximum):
            guard !text.contains(where: \.isNewline) else { throw SettingProblem("one_line") }
            return try within(maximum, text)
        case .longText(let maximum): return try within(maximum, text)
        case .secret: return try within(4096, text)
        case .url: return try url(text)
        case .mailServer:
            guard MailServer(text) != nil else { throw SettingProblem("mail_server") }
            return text
        case .emails(let maximum): return try emails(text, atMost: maximum)
        case .phone:
            guard text.hasPrefix("+"), let number = try? PhoneNumber.read(text, countries: []).get() else {
                throw SettingProblem("phone")
            }
            return number.e164
        case .flag: return try flag(text)
        case .integer(let range):
            guard let number = Int(text) else { throw SettingProblem("integer") }
            guard range.contains(number) else {
                throw SettingProblem("range", ["least": "\(range.lowerBound)", "most": "\(range.upperBound)"])
            }
            return String(number)
        case .duration(let allowsOff):
            if text == "off", allowsOff { return text }
            guard let span = Timestamp.Span(setting: text) else {
                throw SettingProblem("duration")
            }
            return span.setting
        case .choice(let choices):
            guard choices.contains(text) else {
                throw SettingProblem("choice", ["choices": choices.joined(separator: ", ")])
            }
            return text
        case .list:
            return text.split(separator: ",").map(\.trimmingSpaces).filter { !$0.isEmpty }.joined(separator: ",")
        case .country: return try letters(text.uppercased(), count: 2, "country")
        case .currency: return try letters(text.uppercased(), count: 3, "currency")
        case .locale:
            let tag = text.split(separator: "_").joined(separator: "-")
            guard
                tag.split(separator: "-").allSatisfy({ (1...8).contains($0.count) && $0.allSatisfy(\.isAlphanumeric) }),
                (2...3).contains(tag.prefix(while: { $0 != "-" }).count)
            else { throw SettingProblem("locale") }
            return tag
        case .timeZone:
            guard Zone(text) != nil else { throw SettingProblem("time_zone") }
            return text
        case .quietHours:
            guard text == "off" || QuietHours(setting: text) != nil else { throw SettingProblem("quiet_hours") }
            return text
        case .frequencyCap:
            guard text == "off" || FrequencyCap(setting: text) != nil else { throw SettingProblem("frequency_cap") }
            return text
        case .custom(let check): return try check(text)
        }
    }

    private func within(_ maximum: Int, _ text: String) throws(SettingProblem) -> String {
        guard text.count <= maximum else { throw SettingProblem("too_long", ["maximum": String(maximum)]) }
        return text
    }

    private func flag(_ text: String) throws(SettingProblem) -> String {
        switch text.lowercased() {
        case "true", "on", "yes", "1": return "true"
        case "false", "off", "no", "0": return "false"
        default: throw SettingProblem("flag")
        }
    }

    /// `http(s)://host[:port][/path]`, without a trailing slash, user name, query or fragment.
    private func url(_ text: String) throws(SettingProblem) -> String {
        guard let parts = WebAddress(text) else { throw SettingProblem("url") }
        return parts.text
    }

    private func emails(_ text: String, atMost maximum: Int) throws(SettingProblem) -> String {
        let addresses = text.split(separator: ",").map(\.trimmingSpaces).filter { !$0.isEmpty }
        if let wrong = addresses.first(where: { MailAddress($0) == nil }) {
            throw SettingProblem("email_address", ["value": wrong])
        }
        guard addresses.count <= maximum else { throw SettingProblem("emails", ["count": String(maximum)]) }
        return addresses.joined(separator: ",")
    }

    private func letters(_ text: String, count: Int, _ problem: String) throws(SettingProblem) -> String {
        guard text.count == count, text.utf8.allSatisfy({ (65...90).contains($0) }) else {
            throw SettingProblem(problem)
        }
        return text
    }
}

extension Character {
    fileprivate var isAlphanumeric: Bool { isASCII && (isLetter || isNumber) }
}
