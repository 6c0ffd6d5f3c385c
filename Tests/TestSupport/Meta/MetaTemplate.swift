package import Text

/// A message template that the double knows.
package struct MetaTemplate: Sendable {
    package var id: String
    package var name: String
    package var language: String
    package var category: String
    package var status: String
    package var parameterFormat: String
    /// A JSON array as the API gives it.
    package var components: [UInt8]

    package init(
        id: String, name: String, language: String = "en_US", category: String = "UTILITY",
        status: String = "APPROVED", parameterFormat: String = "POSITIONAL", components: [UInt8]
    ) {
        self.id = id
        self.name = name
        self.language = language
        self.category = category
        self.status = status
        self.parameterFormat = parameterFormat
        self.components = components
    }

    /// A template with a body alone; `{{1}}` or `{{first_name}}` marks a variable.
    package init(
        id: String, name: String, language: String = "en_US", category: String = "UTILITY",
        status: String = "APPROVED", body: String
    ) {
        let components = JSONWriter.array {
            $0.object {
                $0.field("type", "BODY")
                $0.field("text", body)
            }
        }
        let isNamed = Self.variables(in: body).contains { Int($0) == nil }
        self.init(
            id: id, name: name, language: language, category: category, status: status,
            parameterFormat: isNamed ? "NAMED" : "POSITIONAL", components: components)
    }

    package func write(to json: inout JSONWriter) {
        json.object {
            $0.field("name", name)
            $0.field("parameter_format", parameterFormat)
            $0.raw("components", components)
            $0.field("language", language)
            $0.field("status", status)
            $0.field("category", category)
            $0.field("id", id)
        }
    }

    /// The error that sending with these components earns, or nil.
    func error(sending components: JSON) -> MetaError? {
        switch status {
        case "APPROVED": break
        case "PAUSED": return MetaError(132015)
        case "DISABLED": return MetaError(132016)
        default: return MetaError(132001)
        }
        let declared = (try? JSON(parsing: self.components))?.array ?? []
        for kind in ["HEADER", "BODY"] {
            let part = declared.first { $0["type"].string?.uppercased() == kind }
            let given = components.array?.first { $0["type"].string?.uppercased() == kind }
            if let error = error(kind.lowercased(), Self.expected(part), given?["parameters"].array ?? []) {
                return error
            }
        }
        return buttonError(declared.first { $0["type"].string == "BUTTONS" }, components.array ?? [])
    }

    /// The variables that a component declares: names, or numbers, or `media` for a header with a file.
    private static func expected(_ part: JSON?) -> [String] {
        guard let part else { return [] }
        if let format = part["format"].string, ["IMAGE", "VIDEO", "DOCUMENT"].contains(format) { return ["media"] }
        return variables(in: part["text"].string ?? "")
    }

    private func error(_ place: String, _ expected: [String], _ given: [JSON]) -> MetaError? {
        guard Set(expected).count == given.count else {
            return MetaError(
                132000,
                details: "\(place): number of localizable_params (\(given.count)) does not match the expected number "
                    + "of params (\(Set(expected).count))")
        }
        let names = given.compactMap { $0["parameter_name"].string }
        let wanted = parameterFormat == "NAMED" ? Set(expected).subtracting(["media"]) : []
        guard Set(names) == wanted || place == "header" else {
            return MetaError(132012, details: "\(place): parameter names do not match")
        }
        return nil
    }

    private func buttonError(_ declared: JSON?, _ given: [JSON]) -> MetaError? {
        for (index, button) in (declared?["buttons"].array ?? []).enumerated() {
            let needs = !Self.variables(in: button["url"].string ?? "").isEmpty
            let has = given.contains {
                $0["type"].string?.lowercased() == "button" && $0["index"].stringOrNumber == String(index)
            }
            if needs, !has { return MetaError(132000, details: "button \(index): a parameter is required") }
        }
        return nil
    }

    private static func variables(in text: String) -> [String] {
        text.split(separator: "{{", omittingEmptySubsequences: false).dropFirst().compactMap { part in
            part.firstRange(of: "}}").map { String(part[..<$0.lowerBound]) }
        }
    }
}
