import Text

/// What is known of an order's parcels: their numbers, the newest last, and where the newest is followed.
struct Parcels: Equatable {
    private(set) var numbers: [String] = []
    private(set) var url: String?

    var isEmpty: Bool { numbers.isEmpty && url == nil }

    /// As an order holds it; nil for none.
    var numberText: String? { numbers.isEmpty ? nil : numbers.joined(separator: ", ") }

    /// A number that is there already is the same parcel; of links the last one counts.
    mutating func add(number: String?, url: String?) {
        // What somebody typed into one field: "A1, A2".
        for part in (number ?? "").split(separator: ",") {
            guard let number = Self.word(String(part)), !numbers.contains(number) else { continue }
            numbers.append(number)
        }
        if let url = url.flatMap(Self.link) { self.url = url }
    }

    private static func word(_ text: String) -> String? {
        let trimmed = text.trimmingBlanks
        return trimmed.isEmpty || trimmed.count > 200 ? nil : String(trimmed)
    }

    /// Customers are asked to open it, so only a web address will do.
    private static func link(_ text: String) -> String? {
        let trimmed = text.trimmingBlanks
        guard !trimmed.isEmpty, trimmed.count <= 500, !trimmed.contains(where: \.isWhitespace) else { return nil }
        let scheme = trimmed.prefix(8).lowercased()
        return scheme.hasPrefix("https://") || scheme.hasPrefix("http://") ? String(trimmed) : nil
    }
}
