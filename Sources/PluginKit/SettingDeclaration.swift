import Core

/// One setting as it is declared: the declaration draws the form, validates, stores, seals and masks.
///
/// Its words stand in the catalogue by its key: `setting.<key>.label`, `setting.<key>.help`, and for choices
/// `setting.<key>.choice.<value>`.
package struct SettingDeclaration: Sendable {
    package var key: String
    package var kind: SettingKind
    /// The normalised text that holds where nothing is stored; empty for none.
    package var defaultText: String
    /// On which tab of `/admin/settings` it stands; nil for those with a page of their own.
    package var tab: String?
    /// Made by chance when first asked for (`site.key`).
    package var isGenerated: Bool

    package init(
        key: String, kind: SettingKind, defaultText: String, tab: String?, isGenerated: Bool = false
    ) {
        self.key = key
        self.kind = kind
        self.defaultText = defaultText
        self.tab = tab
        self.isGenerated = isGenerated
    }

    package var isSecret: Bool {
        switch kind {
        case .secret, .mailServer: true
        default: false
        }
    }
}

/// What a setting may hold, and how a form asks for it.
package enum SettingKind: Sendable {
    case text(maximum: Int)
    case longText(maximum: Int)
    case secret
    case url
    /// A secret: `smtps://user:password@mail.example:465`, as `MailServer` reads it.
    case mailServer
    /// Plain e-mail addresses, comma-separated, at most so many.
    case emails(maximum: Int)
    /// With `+` and the country's code; normalised to E.164.
    case phone
    case flag
    case integer(ClosedRange<Int>)
    /// `<n>s|m|h|d`, and `off` where allowed.
    case duration(allowsOff: Bool)
    case choice([String])
    /// Comma-separated.
    case list
    /// ISO 3166 alpha-2.
    case country
    /// ISO 4217.
    case currency
    /// BCP 47.
    case locale
    /// IANA.
    case timeZone
    /// `off` or `21:00-08:00`.
    case quietHours
    /// `off` or `3/7d`.
    case frequencyCap
    /// A value with rules of its own; the check returns the normalised text or throws a `SettingProblem`.
    case custom(@Sendable (String) throws(SettingProblem) -> String)
}

/// Why a value is refused, as a word of the catalogue (`problem.<id>`) with its arguments.
package struct SettingProblem: Error, Sendable, Equatable {
    package var id: String
    package var arguments: [String: String]

    package init(_ id: String, _ arguments: [String: String] = [:]) {
        self.id = id
        self.arguments = arguments
    }
}

/// A setting with the Swift type of its value: declared once, read as `settings[MetaSettings.phoneNumberID]`.
package struct Setting<Value: Sendable>: Sendable {
    package let declaration: SettingDeclaration
    /// Reads the normalised text; only ever given text that the declaration accepts.
    package let decode: @Sendable (String) -> Value

    package init(_ declaration: SettingDeclaration, decode: @escaping @Sendable (String) -> Value) {
        self.declaration = declaration
        self.decode = decode
    }

    package var key: String { declaration.key }
}

extension Setting where Value == String {
    package static func text(
        _ key: String, _ kind: SettingKind = .text(maximum: 500), default value: String = "", tab: String?,
        isGenerated: Bool = false
    ) -> Setting {
        Setting(SettingDeclaration(key: key, kind: kind, defaultText: value, tab: tab, isGenerated: isGenerated)) { $0 }
    }
}

extension Setting where Value == Bool {
    package static func flag(_ key: String, default value: Bool, tab: String?) -> Setting {
        Setting(SettingDeclaration(key: key, kind: .flag, defaultText: value ? "true" : "false", tab: tab)) {
            $0 == "true"
        }
    }
}

extension Setting where Value == Int {
    package static func integer(_ key: String, _ range: ClosedRange<Int>, default value: Int, tab: String?) -> Setting {
        Setting(SettingDeclaration(key: key, kind: .integer(range), defaultText: String(value), tab: tab)) {
            Int($0) ?? value
        }
    }
}

extension Setting where Value == Timestamp.Span? {
    /// Nil means `off`.
    package static func duration(_ key: String, allowsOff: Bool = false, default value: String, tab: String?) -> Setting
    {
        Setting(SettingDeclaration(key: key, kind: .duration(allowsOff: allowsOff), defaultText: value, tab: tab)) {
            Timestamp.Span(setting: $0)
        }
    }
}

extension Setting where Value == [String] {
    package static func list(_ key: String, default value: String = "", tab: String?) -> Setting {
        Setting(SettingDeclaration(key: key, kind: .list, defaultText: value, tab: tab)) { text in
            text.split(separator: ",").map { $0.trimmingSpaces }.filter { !$0.isEmpty }
        }
    }
}

extension Setting where Value == Secret? {
    package static func secret(_ key: String, tab: String?) -> Setting {
        Setting(SettingDeclaration(key: key, kind: .secret, defaultText: "", tab: tab)) { text in
            text.isEmpty ? nil : Secret(text)
        }
    }
}

extension StringProtocol {
    /// Without spaces and tabs at both ends.
    package var trimmingSpaces: String {
        var slice = self[...]
        while let first = slice.first, first == " " || first == "\t" { slice = slice.dropFirst() }
        while let last = slice.last, last == " " || last == "\t" { slice = slice.dropLast() }
        return String(slice)
    }
}

/// Reads settings as they are in force. A secret that cannot be opened
/// reads as nil here and is named by `unreadable`, so that no caller mistakes it for one that was never set.
package protocol SettingsReader: Sendable {
    subscript<Value>(_ setting: Setting<Value>) -> Value { get }

    /// Whether somebody has set it; else its default holds.
    func isStored(_ key: String) -> Bool

    /// Which of the given secrets are stored but cannot be opened with the present keys.
    func unreadable(_ keys: [String]) -> [String]
}

/// Changes settings as the admin's own forms do: checked by their declarations, all or none, on record in the audit log.
package protocol SettingsWriter: Sendable {
    /// - Parameter actor: an admin's e-mail, or what else did it.
    func change(_ values: [String: String], by actor: String) throws
}
