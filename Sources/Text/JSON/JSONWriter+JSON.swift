extension JSONWriter {
    /// A value that was read, written again: keys in their order, numbers digit by digit.
    package mutating func value(_ json: JSON) {
        if let pairs = json.object {
            object { for pair in pairs { $0.field(pair.key, pair.value) } }
        } else if let elements = json.array {
            array { for element in elements { $0.value(element) } }
        } else if let number = json.rawNumber {
            raw(Array(number.utf8))
        } else if let flag = json.bool {
            value(flag)
        } else {
            value(json.string)
        }
    }

    private mutating func field(_ name: String, _ json: JSON) {
        var one = JSONWriter()
        one.value(json)
        raw(name, one.bytes)
    }
}
