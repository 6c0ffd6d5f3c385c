import Assets
import HTTP

/// Files that are in memory already: answered on the event loop, without a worker.
struct StaticFiles: Sendable {
    private let byPath: [String: StaticAsset]

    init(_ assets: AssetLibrary) {
        let all = assets.all.map { asset in
            StaticAsset(
                path: asset.path, contentType: asset.contentType, etag: "\"\(asset.hash)\"", plain: asset.bytes,
                gzip: asset.gzip, brotli: asset.brotli, immutable: true,
                finish: { SecurityHeaders.add(to: &$0, isSecure: false) })
        }
        byPath = Dictionary(all.map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first })
    }

    func response(to head: RequestHead) -> Response? {
        guard head.method == .get || head.method == .head, let asset = byPath[head.target.path] else { return nil }
        return asset.response(to: head.method, headers: head.headers)
    }
}
