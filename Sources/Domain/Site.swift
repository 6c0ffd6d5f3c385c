/// What the whole program knows of the shop it works for (settings `site.*` and `server.public_url`).
package struct Site: Sendable, Equatable {
    package var name: String
    package var url: String
    package var country: String
    package var locale: String
    package var timeZone: String
    package var currency: String
    /// The address of this server as the world sees it, without a trailing slash; links are built from it alone.
    package var publicURL: String

    package init(
        name: String, url: String, country: String, locale: String, timeZone: String, currency: String,
        publicURL: String
    ) {
        self.name = name
        self.url = url
        self.country = country
        self.locale = locale
        self.timeZone = timeZone
        self.currency = currency
        self.publicURL = publicURL
    }
}
