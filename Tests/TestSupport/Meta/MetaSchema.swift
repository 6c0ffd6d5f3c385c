import Text

/// Where the double's idea of a right request comes from.
package enum MetaSchema {
    /// The corrected subset of Meta's published OpenAPI document where it lies beside the repository, else a
    /// smaller one of our own that knows what Cartwright itself sends.
    package static func load() throws -> JSONSchema { try published() ?? reduced() }

    package static func published() throws -> JSONSchema? { try schema("../shared/data/meta-subset.openapi.json") }

    package static func reduced() throws -> JSONSchema {
        guard let schema = try schema("Tests/Fixtures/meta-reduced.openapi.json") else { throw Missing() }
        return schema
    }

    package struct Missing: Error {}

    private static func schema(_ path: String) throws -> JSONSchema? {
        guard let bytes = RepositoryFile.read(path) else { return nil }
        return JSONSchema(openAPI: try JSON(parsing: bytes))
    }
}
