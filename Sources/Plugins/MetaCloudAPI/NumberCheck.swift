import Core
import HTTP
import PluginKit
import Templating
import Text

/// Asks Meta for the number that messages leave from: so the token, the number's id and the way to Meta are good.
struct NumberCheck {
    let settings: any SettingsReader
    let http: any HTTPClient

    var check: HealthCheck {
        HealthCheck(id: "meta.number", callsOutside: true) { try run() }
    }

    private func run() throws -> HealthFinding {
        let number = settings[MetaSettings.phoneNumberID]
        guard !number.isEmpty, settings[MetaSettings.accessToken]?.isEmpty == false else {
            return finding(.ok, "unset")
        }
        let query = [(name: "fields", value: "display_phone_number,verified_name,quality_rating,status")]
        let request = try GraphAPI(settings).get([number], query: query)
        let response: OutboundResponse
        do {
            response = try http.send(request)
        } catch {
            return finding(.fail, "unreachable", ["reason": .text(error.message)])
        }
        guard response.status == 200, let json = try? JSON(parsing: response.body, name: "number") else {
            let error = GraphError(body: response.body)
            let reason = error.map { "\($0.code) \($0.text)" } ?? "HTTP \(response.status)"
            return finding(.fail, "refused", ["reason": .text(reason)])
        }
        let name = json["verified_name"].string ?? number
        let quality = json["quality_rating"].string?.uppercased() ?? "UNKNOWN"
        if quality == "RED" { return finding(.warn, "red", ["name": .text(name)]) }
        return finding(.ok, "answers", ["name": .text(name)])
    }

    private func finding(
        _ grade: HealthFinding.Grade, _ word: String, _ arguments: [String: WordArgument] = [:]
    ) -> HealthFinding {
        HealthFinding(
            grade, Word("check.meta.number.\(word)", arguments),
            next: grade == .ok ? nil : Word("check.meta.number.\(word)_next"), href: "/admin/settings/meta")
    }
}
