/// A message template as the provider holds it.
package struct ChannelTemplate: Sendable, Equatable {
    package var externalID: String
    package var name: String
    /// With underscore, as the API writes it (`en_US`); webhooks write `en-US`.
    package var language: String
    /// APPROVED is the only sendable one; an open set.
    package var status: String
    package var category: String
    /// Parameter names in the order of the body: `1`, `2` or named.
    package var bodyParameters: [String]
    package var bodyText: String
    /// The provider's components as JSON, as they came.
    package var components: String
    package var quality: String?

    package init(
        externalID: String, name: String, language: String, status: String, category: String,
        bodyParameters: [String], bodyText: String, components: String, quality: String?
    ) {
        self.externalID = externalID
        self.name = name
        self.language = language
        self.status = status
        self.category = category
        self.bodyParameters = bodyParameters
        self.bodyText = bodyText
        self.components = components
        self.quality = quality
    }
}
