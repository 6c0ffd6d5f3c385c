import Templating

/// What an account's e-mail, name and password must be like.
enum AccountRules {
    static let leastPassword = 10
    /// Argon2 takes any length; a megabyte would only keep it busy.
    static let mostPassword = 1000
    static let mostName = 100

    static func problem(email: String) -> Word? {
        if email.isEmpty { return Word("problem.required") }
        let parts = email.split(separator: "@", omittingEmptySubsequences: false)
        let isRight =
            parts.count == 2 && !parts[0].isEmpty && parts[1].contains(".") && email.utf8.count <= 254
            && email.utf8.allSatisfy { $0 > 32 && $0 != 127 }
        return isRight ? nil : Word("problem.email")
    }

    static func problem(password: String) -> Word? {
        if password.isEmpty { return Word("problem.required") }
        if password.count > mostPassword { return Word("problem.too_long", ["maximum": .number(Int64(mostPassword))]) }
        return password.count < leastPassword
            ? Word("problem.password_short", ["least": .number(Int64(leastPassword))]) : nil
    }

    /// A name may be empty: then the address stands for it.
    static func problem(name: String) -> Word? {
        if name.count > mostName { return Word("problem.too_long", ["maximum": .number(Int64(mostName))]) }
        let isLine = name.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
        return isLine ? nil : Word("problem.one_line")
    }
}
