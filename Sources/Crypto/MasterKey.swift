import Core

/// A 256-bit key that seals what the database must not tell. Has no text form but the key file's line.
package struct MasterKey: Sendable, Equatable, CustomStringConvertible, CustomReflectable {
    static let byteCount = 32

    let bytes: [UInt8]
    /// The first 8 bytes of a hash of the key: which key sealed a value, without a list to keep.
    let idBytes: [UInt8]

    /// 16 hexadecimal digits; may be shown.
    package var id: String { idBytes.hex }

    package static func make() -> MasterKey { MasterKey(unchecked: RandomBytes.make(byteCount)) }

    /// Nil unless there are 32 bytes.
    package init?(bytes: [UInt8]) {
        guard bytes.count == Self.byteCount else { return nil }
        self.init(unchecked: bytes)
    }

    private init(unchecked bytes: [UInt8]) {
        self.bytes = bytes
        idBytes = Array(SHA256.hash(Array("cartwright key id\n".utf8) + bytes).prefix(8))
    }

    package static func == (a: MasterKey, b: MasterKey) -> Bool { ConstantTime.equal(a.bytes, b.bytes) }

    package var description: String { "(master key \(id))" }
    package var customMirror: Mirror { Mirror(self, children: [:]) }
}
