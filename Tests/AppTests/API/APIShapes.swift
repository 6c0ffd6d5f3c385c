import HTTP
import TestSupport
import Testing
import Text

/// The published shapes, as a house's own document gives them.
struct APIShapes {
    private let document: JSON
    private let schema: JSONSchema

    init(_ house: TestHost) throws {
        document = try house.get("/api/v1/openapi.json").json()
        schema = JSONSchema(openAPI: document)
    }

    /// What is wrong with a value beside its shape. Both ways: everything published is there, and everything there is
    /// published.
    func problems(of value: JSON, as component: String) -> [String] {
        let published = Set((document["components"]["schemas"][component]["properties"].object ?? []).map(\.key))
        let unknown = (value.object ?? []).map(\.key).filter { !published.contains($0) }
        return schema.violations(of: value, component: component) + unknown.map { "\($0) is not published" }
    }

    /// The same of each row of a list.
    func problems(ofEach list: JSON, as component: String) -> [String] {
        let rows = list["data"].array ?? []
        let shape = rows.isEmpty || !list["next"].exists ? ["the list is empty or has no next"] : []
        return shape + rows.flatMap { problems(of: $0, as: component) }
    }
}

extension TestResponse {
    /// `status place:code` of a problem document: `422 items[0].name:required`.
    var problem: [String] {
        guard headers["Content-Type"] == "application/problem+json", let json = try? json() else {
            return ["not a problem: \(status) \(text)"]
        }
        let errors = (json["errors"].array ?? []).map {
            "\($0["field"].string ?? "?"):\($0["code"].string ?? "?")"
        }
        return ["\(json["status"].int ?? 0)"] + errors
    }
}
