package import Core

/// Writes JSON by appending to a byte buffer.
///
///     var json = JSONWriter()
///     json.object {
///         $0.field("name", order.name)
///         $0.array("items") { for item in order.items { $0.value(item.id) } }
///     }
///
/// Nil is written as `null`: absent is never left out. Strings are escaped by `JSONText`, so the result may also
/// stand inside a page.
package struct JSONWriter: Sendable {
    /// What has been written. May be begun with something else, as long as that ends with a line break.
    package private(set) var bytes: [UInt8]

    package init(appendingTo bytes: [UInt8] = []) {
        self.bytes = bytes
        if bytes.isEmpty { self.bytes.reserveCapacity(512) }
    }

    /// One object as a text of its own.
    package static func object<Failure: Error>(
        _ fields: (inout JSONWriter) throws(Failure) -> Void
    ) throws(Failure) -> [UInt8] {
        var json = JSONWriter()
        try json.object(fields)
        return json.bytes
    }

    /// One array as a text of its own.
    package static func array<Failure: Error>(
        _ values: (inout JSONWriter) throws(Failure) -> Void
    ) throws(Failure) -> [UInt8] {
        var json = JSONWriter()
        try json.array(values)
        return json.bytes
    }

    /// Ends a line of JSON lines.
    package mutating func endLine() { bytes.append(UInt8(ascii: "\n")) }
}

// Values: in an array, or alone.
extension JSONWriter {
    package mutating func object<Failure: Error>(
        _ fields: (inout JSONWriter) throws(Failure) -> Void
    ) throws(Failure) {
        separate()
        bytes.append(UInt8(ascii: "{"))
        try fields(&self)
        bytes.append(UInt8(ascii: "}"))
    }

    package mutating func array<Failure: Error>(
        _ values: (inout JSONWriter) throws(Failure) -> Void
    ) throws(Failure) {
        separate()
        bytes.append(UInt8(ascii: "["))
        try values(&self)
        bytes.append(UInt8(ascii: "]"))
    }

    package mutating func value(_ value: String?) {
        guard let value else { return null() }
        separate()
        JSONText.append(value, to: &bytes)
    }

    package mutating func value(_ value: Int?) {
        guard let value else { return null() }
        literal(String(value))
    }

    package mutating func value(_ value: Int64?) { self.value(value.map { Int($0) }) }

    /// The shortest digits that read back as the same double; `null` for what JSON has no number for.
    package mutating func value(_ value: Double?) {
        guard let value, value.isFinite else { return null() }
        literal(String(describing: value))
    }

    package mutating func value(_ value: Bool?) {
        guard let value else { return null() }
        literal(value ? "true" : "false")
    }

    /// As a string: ids pass what a double can hold.
    package mutating func value(_ value: ID?) { self.value(value?.description) }

    /// RFC 3339 in UTC with milliseconds.
    package mutating func value(_ value: Timestamp?) { self.value(value?.rfc3339) }

    package mutating func null() { literal("null") }

    /// A finished JSON text, put in as it is.
    package mutating func raw(_ json: [UInt8]) {
        separate()
        bytes.append(contentsOf: json)
    }

    private mutating func literal(_ text: String) {
        separate()
        bytes.append(contentsOf: text.utf8)
    }

    /// The comma before the next value or key, known from the last byte: after an opening bracket, a colon or a
    /// line break none is due.
    private mutating func separate() {
        switch bytes.last {
        case nil, UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: ":"), UInt8(ascii: "\n"): break
        default: bytes.append(UInt8(ascii: ","))
        }
    }
}

// Fields: in an object.
extension JSONWriter {
    package mutating func object<Failure: Error>(
        _ name: String, _ fields: (inout JSONWriter) throws(Failure) -> Void
    ) throws(Failure) {
        key(name)
        try object(fields)
    }

    package mutating func array<Failure: Error>(
        _ name: String, _ values: (inout JSONWriter) throws(Failure) -> Void
    ) throws(Failure) {
        key(name)
        try array(values)
    }

    package mutating func field(_ name: String, _ value: String?) {
        key(name)
        self.value(value)
    }

    package mutating func field(_ name: String, _ value: Int?) {
        key(name)
        self.value(value)
    }

    package mutating func field(_ name: String, _ value: Int64?) {
        key(name)
        self.value(value)
    }

    package mutating func field(_ name: String, _ value: Double?) {
        key(name)
        self.value(value)
    }

    package mutating func field(_ name: String, _ value: Bool?) {
        key(name)
        self.value(value)
    }

    package mutating func field(_ name: String, _ value: ID?) {
        key(name)
        self.value(value)
    }

    package mutating func field(_ name: String, _ value: Timestamp?) {
        key(name)
        self.value(value)
    }

    package mutating func null(_ name: String) {
        key(name)
        null()
    }

    package mutating func raw(_ name: String, _ json: [UInt8]) {
        key(name)
        raw(json)
    }

    private mutating func key(_ name: String) {
        separate()
        JSONText.append(name, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
    }
}
