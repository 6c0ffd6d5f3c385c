/// Field lines of a head or a trailer, strictly: `name:value`, the name a token (RFC 9110, 5.1).
enum FieldLines {
    /// - Parameter bytes: whole lines, each with its CRLF, already free of control bytes and folding.
    static func parse(_ bytes: ArraySlice<UInt8>, most: Int) throws(RequestRefusal) -> [Headers.Field] {
        var fields: [Headers.Field] = []
        var rest = bytes
        while let end = rest.firstIndex(of: 0x0d) {
            guard fields.count < most else {
                throw RequestRefusal(status: 431, reason: "more than \(most) fields")
            }
            fields.append(try field(rest[..<end]))
            rest = rest[(end + 2)...]
        }
        return fields
    }

    private static func field(_ line: ArraySlice<UInt8>) throws(RequestRefusal) -> Headers.Field {
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { throw .bad("field without colon") }
        guard isToken(line[..<colon]) else { throw .bad("field name is not a token") }
        var value = line[(colon + 1)...]
        while value.first == 0x20 { value.removeFirst() }
        while value.last == 0x20 { value.removeLast() }
        return Headers.Field(
            name: String(decoding: line[..<colon], as: UTF8.self), value: String(decoding: value, as: UTF8.self))
    }

    /// Letters, digits and ``!#$%&'*+-.^_`|~`` (RFC 9110, 5.6.2), at least one.
    static func isToken(_ bytes: ArraySlice<UInt8>) -> Bool {
        !bytes.isEmpty
            && bytes.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5a, 0x61...0x7a: true
                case 0x21, 0x23...0x27, 0x2a, 0x2b, 0x2d, 0x2e, 0x5e, 0x5f, 0x60, 0x7c, 0x7e: true
                default: false
                }
            }
    }
}
