import Core
import HTTP
import PluginKit
import Templating

/// One setting as a form shows it: `Templates/admin/parts/setting.mustache`.
struct SettingField: TemplateModel {
    let declaration: SettingDeclaration
    /// As typed, or as it stands.
    var value: String
    /// Of a duration: `s`, `m`, `h`, `d` or `off`.
    var unit = ""
    var isSet = false
    var isUnreadable = false
    /// The last four letters of a secret that is long enough to lose nothing by showing them.
    var ending: String?
    var error: Word?

    static let fields: [Field<Self>] = [
        .text("key") { $0.declaration.key }, .word("label") { Word("setting.\($0.declaration.key).label") },
        .word("help") { Word("setting.\($0.declaration.key).help") }, .word("error") { $0.error },
        .text("value") { $0.value }, .word("normally") { $0.normally },
        .flag("isText") { $0.form == .text }, .flag("isNumber") { $0.form == .number },
        .flag("isSwitch") { $0.form == .tick }, .flag("isChoice") { $0.form == .choice },
        .flag("isDuration") { $0.form == .duration }, .flag("isLongText") { $0.form == .longText },
        .flag("isSecret") { $0.form == .secret },
        .text("inputType") { if case .url = $0.declaration.kind { "url" } else { "text" } },
        .integer("least") { if case .integer(let range) = $0.declaration.kind { range.lowerBound } else { nil } },
        .integer("most") { if case .integer(let range) = $0.declaration.kind { range.upperBound } else { nil } },
        .flag("checked") { $0.value == "true" }, .list("options", Option.self) { $0.options },
        .flag("isSet") { $0.isSet }, .text("ending") { $0.ending }, .flag("unreadable") { $0.isUnreadable },
    ]

    struct Option: TemplateModel {
        var value: String
        var label: Word
        var selected: Bool

        static let fields: [Field<Self>] = [
            .text("value") { $0.value }, .word("label") { $0.label }, .flag("selected") { $0.selected },
        ]
    }

    enum FormKind {
        case text, longText, number, tick, choice, duration, secret
    }

    init(_ declaration: SettingDeclaration, in settings: SettingsHub, typed: Form?) {
        self.declaration = declaration
        value = settings.shown(declaration)
        if declaration.isSecret {
            value = ""
            switch settings.stored(declaration.key) {
            case .secret(let secret):
                isSet = true
                let text = secret.reveal()
                ending = text.count >= 16 ? String(text.suffix(4)) : nil
            case .unreadable:
                isSet = true
                isUnreadable = true
            case .text, nil: break
            }
        } else if let kept = typed.flatMap({ Self.typed(declaration, in: $0) }) {
            value = kept
        }
        if case .duration = declaration.kind { splitDuration() }
    }

    /// What the form says of this setting; nil where it says nothing, so that it stays.
    func change(in form: Form) -> String? {
        guard declaration.isSecret else { return Self.typed(declaration, in: form) }
        if form[declaration.key + ".forget"] == "true" { return "" }
        guard let typed = form[declaration.key], !typed.isEmpty else { return nil }
        return typed
    }

    private static func typed(_ declaration: SettingDeclaration, in form: Form) -> String? {
        // A switch sends false and then, when it is on, true: the last counts.
        guard let last = form.all(declaration.key).last else { return nil }
        guard case .duration = declaration.kind, let unit = form[declaration.key + ".unit"] else { return last }
        return unit == "off" ? "off" : last.trimmingSpaces + unit
    }

    private mutating func splitDuration() {
        if value == "off" {
            (value, unit) = ("", "off")
        } else if let last = value.last, "smhd".contains(last) {
            unit = String(last)
            value.removeLast()
        }
    }

    private var form: FormKind {
        switch declaration.kind {
        case .text, .url, .emails, .phone, .list, .country, .currency, .locale, .timeZone, .quietHours, .frequencyCap:
            .text
        case .longText, .custom: .longText
        case .integer: .number
        case .flag: .tick
        case .choice: .choice
        case .duration: .duration
        case .secret, .mailServer: .secret
        }
    }

    private var normally: Word? {
        let text = declaration.defaultText
        guard !text.isEmpty, !declaration.isGenerated else { return nil }
        switch declaration.kind {
        case .flag, .choice, .secret, .mailServer: return nil
        case .duration: return Self.duration(text)
        default: return Word("settings.normally_value", ["value": .text(text)])
        }
    }

    /// `30d` in words.
    private static func duration(_ text: String) -> Word {
        guard let count = Int64(text.dropLast()), let unit = units[String(text.suffix(1))] else {
            return Word("unit.off")
        }
        return Word("duration." + unit, ["count": .number(count)])
    }

    private static let units = ["s": "seconds", "m": "minutes", "h": "hours", "d": "days", "off": "off"]

    private var options: [Option] {
        switch declaration.kind {
        case .choice(let choices):
            choices.map {
                Option(value: $0, label: Word("setting.\(declaration.key).choice.\($0)"), selected: $0 == value)
            }
        case .duration(let allowsOff):
            (["s", "m", "h", "d"] + (allowsOff ? ["off"] : [])).map {
                Option(value: $0, label: Word("unit." + (Self.units[$0] ?? "off")), selected: $0 == unit)
            }
        default: []
        }
    }
}
