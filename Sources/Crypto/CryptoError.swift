/// Why a sealed value, a key or a password hash could not be used. Never names a secret.
package struct CryptoError: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Kind: Sendable, Equatable {
        /// The bytes are not of the form that `Sealer` writes.
        case notSealed
        /// Sealed with a key that is not among those at hand.
        case unknownKey(id: String)
        /// The right key, but the bytes or the name they were sealed under are other ones.
        case altered
        /// Another key seals since a rotation that this process has not heard of.
        case outdatedKey
        /// The key file is absent.
        case noKeyFile
        /// The key file may be read or written by others.
        case openKeyFile
        /// The key file cannot be read, written or understood.
        case badKeyFile
        /// Not an Argon2id hash as a PHC string with a bearable cost.
        case badPasswordHash
        /// Argon2 did not get its memory.
        case exhausted
    }

    package let kind: Kind
    package let message: String

    package init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }

    package var description: String { message }
}
