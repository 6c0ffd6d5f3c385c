import Domain
import HTTP
import Text

/// The templates of a WhatsApp business account, read page by page.
struct TemplateCatalogue {
    private static let fields = "id,name,language,status,category,components,quality_score,parameter_format"
    private static let perPage = "100"
    /// An account holds at most 6,000 templates; more pages than this are not a list but a loop.
    private static let mostPages = 100

    let api: GraphAPI
    let account: String
    let http: any HTTPClient

    /// Follows the pages until one has no `next`: cursors are there on the last page too.
    func all() throws -> [ChannelTemplate] {
        var templates: [ChannelTemplate] = []
        var cursor: String?
        for _ in 0..<Self.mostPages {
            let page = try page(after: cursor)
            // One without a name or language cannot be sent; it must not cost us the others.
            templates += try page["data"].expectArray().compactMap { try? Self.template($0) }
            guard page["paging"]["next"].exists, !page["paging"]["next"].isNull else { return templates }
            cursor = try page["paging"]["cursors"]["after"].expectString()
        }
        throw MetaError(.unexpectedAnswer, "the list of templates does not end")
    }

    private func page(after cursor: String?) throws -> JSON {
        var query = [(name: "fields", value: Self.fields), (name: "limit", value: Self.perPage)]
        if let cursor { query.append((name: "after", value: cursor)) }
        let response = try http.send(api.get([account, "message_templates"], query: query))
        guard response.status == 200 else {
            let failure =
                GraphError(body: response.body)?.failure(status: response.status)
                ?? Failure(.providerTrouble, code: "http_\(response.status)", detail: "")
            throw MetaError(.refused(failure), "the list of templates was refused: \(failure.code) \(failure.detail)")
        }
        return try JSON(parsing: response.body, name: "templates")
    }

    static func template(_ json: JSON) throws -> ChannelTemplate {
        let components = json["components"].array ?? []
        let body = components.first { $0["type"].string?.uppercased() == "BODY" }?["text"].string ?? ""
        return ChannelTemplate(
            externalID: try json["id"].expectStringOrNumber(), name: try json["name"].expectString(),
            language: try json["language"].expectString(), status: try json["status"].expectString().uppercased(),
            category: json["category"].string?.uppercased() ?? "", bodyParameters: placeholders(of: body),
            bodyText: body,
            components: String(
                decoding: JSONWriter.array { list in components.forEach { list.value($0) } }, as: UTF8.self),
            quality: json["quality_score"]["score"].string)
    }

    /// The names within `{{…}}`, each once: numbers by size, names in the order of the text.
    static func placeholders(of text: String) -> [String] {
        var names: [String] = []
        for match in text.matches(of: /\{\{\s*([A-Za-z0-9_]+)\s*\}\}/) where !names.contains(String(match.1)) {
            names.append(String(match.1))
        }
        let numbers = names.compactMap { Int($0) }
        return numbers.count == names.count ? numbers.sorted().map(String.init) : names
    }
}
