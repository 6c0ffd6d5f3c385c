extension Timestamp {
    /// `2026-11-20T10:28:18.042Z`: RFC 3339 in UTC, always with milliseconds, as the API writes every time.
    package var rfc3339: String {
        let t = CalendarTime(self)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(24)
        func append(_ value: Int, digits: Int) {
            var power = 1
            for _ in 1..<digits { power *= 10 }
            var rest = value
            while power > 0 {
                bytes.append(UInt8(48 + rest / power % 10))
                rest %= power
                power /= 10
            }
        }
        append(t.year, digits: 4)
        bytes.append(UInt8(ascii: "-"))
        append(t.month, digits: 2)
        bytes.append(UInt8(ascii: "-"))
        append(t.day, digits: 2)
        bytes.append(UInt8(ascii: "T"))
        append(t.hour, digits: 2)
        bytes.append(UInt8(ascii: ":"))
        append(t.minute, digits: 2)
        bytes.append(UInt8(ascii: ":"))
        append(t.second, digits: 2)
        bytes.append(UInt8(ascii: "."))
        append(t.millisecond, digits: 3)
        bytes.append(UInt8(ascii: "Z"))
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Reads RFC 3339, and the two near forms that shops send: no zone (taken as UTC, WooCommerce's `*_gmt`)
    /// and a space in place of `T` (Ottu). Nil for anything else.
    package init?(rfc3339 text: String) {
        var rest = Array(text.utf8)[...]
        func number(_ digits: Int) -> Int? {
            guard rest.count >= digits else { return nil }
            var value = 0
            for byte in rest.prefix(digits) {
                guard (48...57).contains(byte) else { return nil }
                value = value * 10 + Int(byte - 48)
            }
            rest = rest.dropFirst(digits)
            return value
        }
        func take(_ choices: StaticString) -> Bool {
            guard let byte = rest.first else { return false }
            let found = choices.withUTF8Buffer { $0.contains(byte) }
            if found { rest = rest.dropFirst() }
            return found
        }
        guard let year = number(4), take("-"), let month = number(2), take("-"), let day = number(2),
            take("Tt "), let hour = number(2), take(":"), let minute = number(2), take(":"),
            let second = number(2)
        else { return nil }
        var millisecond = 0
        if take(".") {
            var scale = 100
            var digits = 0
            while let byte = rest.first, (48...57).contains(byte) {
                millisecond += Int(byte - 48) * scale
                scale /= 10
                digits += 1
                rest = rest.dropFirst()
            }
            guard digits > 0 else { return nil }
        }
        var offset = Span.zero
        if !rest.isEmpty, !take("Zz") {
            let east = rest.first == UInt8(ascii: "+")
            guard take("+-"), let hours = number(2), take(":"), let minutes = number(2), hours < 24, minutes < 60
            else { return nil }
            offset = .minutes(Int64(hours * 60 + minutes) * (east ? 1 : -1))
        }
        guard rest.isEmpty,
            let civil = CalendarTime(
                year: year, month: month, day: day, hour: hour, minute: minute, second: second,
                millisecond: millisecond)
        else { return nil }
        let time = civil.timestamp - offset
        // A leap second or an offset may lead out of the years that four digits write.
        guard (0...9999).contains(CalendarTime(time).year) else { return nil }
        self = time
    }
}
