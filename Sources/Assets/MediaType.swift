/// What kind of file a name promises. For our own files only: an upload is judged by its content (`MediaTypeDetector`).
struct MediaType: Sendable, Hashable {
    /// The value of `Content-Type`.
    let header: String
    /// Whether compressing pays: images and fonts are compressed in themselves.
    let isCompressible: Bool

    static func ofFile(named name: String) -> MediaType {
        let ending = name.lastIndex(of: ".").map { name[name.index(after: $0)...].lowercased() } ?? ""
        return byEnding[ending] ?? MediaType(header: "application/octet-stream", isCompressible: false)
    }

    private static let byEnding: [String: MediaType] = [
        "css": text("text/css"), "html": text("text/html"), "js": text("text/javascript"),
        "txt": text("text/plain"), "svg": text("image/svg+xml"), "xml": text("application/xml"),
        "csv": text("text/csv"),
        "json": MediaType(header: "application/json", isCompressible: true),
        "map": MediaType(header: "application/json", isCompressible: true),
        "webmanifest": MediaType(header: "application/manifest+json", isCompressible: true),
        "ico": MediaType(header: "image/vnd.microsoft.icon", isCompressible: true),
        "png": binary("image/png"), "jpg": binary("image/jpeg"), "jpeg": binary("image/jpeg"),
        "gif": binary("image/gif"), "webp": binary("image/webp"), "avif": binary("image/avif"),
        "woff2": binary("font/woff2"), "pdf": binary("application/pdf"), "mp4": binary("video/mp4"),
        "zip": binary("application/zip"),
    ]

    private static func text(_ type: String) -> MediaType {
        MediaType(header: "\(type); charset=utf-8", isCompressible: true)
    }

    private static func binary(_ type: String) -> MediaType { MediaType(header: type, isCompressible: false) }
}
