import HTTP

/// What every response says to the browser about what it may do with it.
enum SecurityHeaders {
    /// No inline script or style, nothing from elsewhere, and nobody frames us.
    static let policy = """
        default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: https:; font-src 'self'; \
        connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'
        """

    static func add(to response: inout Response, isSecure: Bool) {
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "same-origin"
        // A year of TLS alone, for this host: its neighbours and the browsers' own lists are the owner's to decide on.
        if isSecure { response.headers["Strict-Transport-Security"] = "max-age=31536000" }
        guard response.headers["Content-Type"]?.hasPrefix("text/html") == true else { return }
        response.headers["Content-Security-Policy"] = policy
        response.headers["X-Frame-Options"] = "DENY"
    }
}
