import HTTP
import PluginKit
import Templating

/// What the owner gives to connect a shop: its address, and keys where they are not asked for.
struct ConnectForm: Sendable {
    var address = ""
    var key = ""
    var secret = ""
    var wantsToPaste = false

    init(address: String) { self.address = address }

    init(_ form: Form) {
        address = form["address"] ?? ""
        key = (form["consumer_key"] ?? "").trimmingSpaces
        secret = (form["consumer_secret"] ?? "").trimmingSpaces
        wantsToPaste = form["act"] == "paste"
    }

    /// The two are often pasted the wrong way round, or cut short.
    func check() throws(ConnectError) {
        if key.hasPrefix("cs_"), secret.hasPrefix("ck_") {
            throw ConnectError("consumer_key", Word("shop.keys.swapped"))
        }
        guard OfferedKeys.isKey(key, "ck_") else { throw ConnectError("consumer_key", Word("shop.keys.not_a_key")) }
        guard OfferedKeys.isKey(secret, "cs_") else {
            throw ConnectError("consumer_secret", Word("shop.keys.not_a_secret"))
        }
    }
}

/// What is wrong with one field.
struct ConnectError: Error, Equatable {
    let field: String
    let word: Word

    init(_ field: String, _ word: Word) {
        self.field = field
        self.word = word
    }
}
