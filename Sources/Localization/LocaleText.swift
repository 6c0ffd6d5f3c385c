import CLocale

/// The text that a function of the door writes: it is asked again with the room it said it needs. Nil when ICU refuses.
func localeText(_ write: (UnsafeMutablePointer<CChar>, Int32) -> Int32) -> String? {
    func attempt(_ capacity: Int) -> (needed: Int, text: String?) {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: capacity) { room in
            guard let base = room.baseAddress else { return (-1, nil) }
            let needed = Int(write(base, Int32(capacity)))
            guard needed >= 0, needed <= capacity else { return (needed, nil) }
            let bytes = UnsafeRawBufferPointer(start: base, count: needed)
            return (needed, String(decoding: bytes, as: UTF8.self))
        }
    }
    let first = attempt(128)
    return first.needed > 128 ? attempt(first.needed).text : first.text
}
