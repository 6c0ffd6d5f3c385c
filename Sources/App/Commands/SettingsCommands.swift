import Core
import Localization
import Messaging
import PluginKit
import Templating
import Text

/// `cartwright settings …`: what is stored, as the admin's own forms change it. What the flags of a running `serve`
/// put in front of that is its own affair.
enum SettingsCommands {
    static let all = [list, get, set]

    private static let list = Command(
        "settings list", "Lists every setting as KEY=VALUE", flags: [.json, .keyFile]
    ) { call in
        try call.withFoundation { foundation in
            let settings = foundation.settings
            let sorted = settings.declarations.sorted { $0.key < $1.key }
            guard call.has(.json) else {
                let lines = sorted.map { "\($0.key)=\(oneLine(settings.shown($0)))\n" }
                return try call.terminal.write(Array(lines.joined().utf8))
            }
            var json = JSONWriter()
            json.object { json in
                for declaration in sorted {
                    let isUnset = declaration.isSecret && settings.stored(declaration.key) == nil
                    json.field(declaration.key, isUnset ? nil : settings.shown(declaration))
                }
            }
            json.endLine()
            try call.terminal.write(json.bytes)
        }
    }

    private static let get = Command(
        "settings get", "Prints the value of a setting; of a secret only whether it is set",
        operands: [.init(name: "KEY")], flags: [.keyFile]
    ) { call in
        try call.withFoundation { foundation in
            let key = call.operands[0]
            guard let declaration = foundation.settings.declaration(key) else {
                throw CommandFailure("there is no setting \(key)")
            }
            try call.print(foundation.settings.shown(declaration))
        }
    }

    private static let set = Command(
        "settings set", "Changes a setting; an empty value takes it back to its default",
        operands: [.init(name: "KEY"), .init(name: "VALUE", isOptional: true)],
        flags: [.stdin, .keyFile, .resources], begins: true
    ) { call in
        guard (call.operands.count == 2) != call.has(.stdin) else {
            throw call.wrong("settings set wants either VALUE or --stdin")
        }
        let key = call.operands[0]
        let value = call.has(.stdin) ? try call.input() : call.operands[1]
        let objections = key == MessagingSettings.channel.key ? unsendable(call, by: value) : []
        try call.changing { foundation in
            do {
                try foundation.settings.change([key: value], by: CommandActor.name)
            } catch let problems as SettingProblems {
                throw CommandFailure(sentence(problems, resources: call[.resources]))
            }
        }
        for (subject, reason, page) in objections {
            call.log.warning(
                "the channel cannot send this",
                ["subject": .text(subject), "reason": .text(reason), "page": .text(page)])
        }
    }

    /// What the channel could not send, in words. Whoever types a command has decided: it only warns.
    private static func unsendable(
        _ call: Invocation, by channel: String
    ) -> [(subject: String, reason: String, page: String)] {
        do {
            return try call.withApplication { application in
                let words = LocalWords(application.host.catalog.words(for: "en"), zone: .utc)
                return try application.host.objections(to: [MessagingSettings.channel.key: channel]).map {
                    (words.text($0.subject), words.text($0.reason), $0.href)
                }
            }
        } catch {
            call.log.warning("what the channel cannot send is not known", ["error": .text("\(error)")])
            return []
        }
    }

    /// A value of several lines stays one line of the list.
    private static func oneLine(_ text: String) -> String {
        text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).joined(separator: "\\n")
    }

    /// In the catalogue's words, or by the problem's name where the program's files are not at hand.
    private static func sentence(_ problems: SettingProblems, resources: String?) -> String {
        let words = (try? Resources.find(resources)).flatMap { try? Catalog.load($0.locales) }?.words(for: "en")
        return problems.byKey.sorted { $0.key < $1.key }.map { key, problem in
            let word = "problem." + problem.id
            guard let words, words.has(word) else { return "\(key): \(problem.id)" }
            return "\(key): " + words.text(word, problem.arguments.mapValues { .text($0) })
        }.joined(separator: " ")
    }
}
