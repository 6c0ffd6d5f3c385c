package import HTTP
package import Text

/// What the published document promises of every answer of the API.
package struct APIContract: Sendable {
    private let document: JSON
    private let schema: JSONSchema

    package init(_ document: JSON) {
        self.document = document
        schema = JSONSchema(openAPI: document)
    }

    /// In which ways an answer is not the document's; empty when it is as promised.
    package func problems(of response: TestResponse, to method: Method, _ path: String) -> [String] {
        guard let operations = operations(at: path) else {
            return unlisted(response, as: [404, 413])
        }
        let operation = operations[(method == .head ? .get : method).rawValue.lowercased()]
        guard operation.exists else {
            let allowed = response.headers["Allow"]?.isEmpty == false ? [] : ["there is no Allow"]
            return method == .options && response.status == 204 ? allowed : unlisted(response, as: [405]) + allowed
        }
        let listed = operation["responses"][String(response.status)]
        guard listed.exists else { return ["\(response.status) is not in the document"] }
        let described = listed["$ref"].string.map(component) ?? listed
        return headers(response, described["headers"]) + content(response, described["content"])
    }

    /// The operations of the address, by method; a literal segment goes before one in braces.
    private func operations(at path: String) -> JSON? {
        let asked = path.split(separator: "/", omittingEmptySubsequences: false)
        let found = (document["paths"].object ?? []).filter { template, _ in
            let parts = template.split(separator: "/", omittingEmptySubsequences: false)
            return parts.count == asked.count
                && zip(parts, asked).allSatisfy { $0 == $1 || ($0.hasPrefix("{") && !$1.isEmpty) }
        }
        return found.min { $0.key.count { $0 == "{" } < $1.key.count { $0 == "{" } }?.value
    }

    private func component(_ reference: String) -> JSON {
        reference.split(separator: "/").dropFirst().reduce(document) { $0[String($1)] }
    }

    /// An answer that belongs to no operation is a problem document of its own status.
    private func unlisted(_ response: TestResponse, as expected: [Int]) -> [String] {
        let status = expected.contains(response.status) ? [] : ["\(response.status) where nothing is"]
        let type = response.headers["Content-Type"] ?? "nothing"
        return status + (type == "application/problem+json" ? [] : ["\(type) where nothing is"])
    }

    private func headers(_ response: TestResponse, _ promised: JSON) -> [String] {
        (promised.object ?? []).compactMap { name, header in
            header["required"].bool == true && response.headers[name] == nil ? "\(name) is missing" : nil
        }
    }

    private func content(_ response: TestResponse, _ promised: JSON) -> [String] {
        guard let (type, media) = promised.object?.first.map({ ($0.key, $0.value) }) else {
            return response.bytes.isEmpty ? [] : ["there is a body where none is promised"]
        }
        guard response.headers["Content-Type"] == type else {
            return ["\(response.headers["Content-Type"] ?? "nothing") in place of \(type)"]
        }
        guard let body = try? response.json() else { return ["the body is no JSON"] }
        return schema.check(media["schema"], body).violations
    }
}
