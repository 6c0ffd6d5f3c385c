import HTTP
import Testing

/// How a file that is kept in several encodings is answered.
struct StaticAssetTests {
    private let asset = StaticAsset(
        path: "/a.js", contentType: "text/javascript", etag: "\"1\"", plain: [1, 1, 1], gzip: [2, 2], brotli: [3],
        immutable: true)

    @Test(arguments: [
        (nil, nil), ("", nil), ("gzip", "gzip"), ("gzip, br", "br"), ("GZIP, deflate", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("br;q=0.000", nil), ("br;q=0.001", "br"), ("*", "br"), ("*;q=0", nil), ("*, br;q=0", "gzip"),
        ("identity", nil),
        ("gzip ; q=0", nil),
    ]) func `the smallest encoding that the client takes is sent`(accepted: String?, encoding: String?) {
        var headers: Headers = [:]
        headers["Accept-Encoding"] = accepted
        let response = asset.response(to: .get, headers: headers)
        #expect(response.status == 200)
        #expect(response.headers["Content-Encoding"] == encoding)
        #expect(response.headers["Vary"] == "Accept-Encoding")
        #expect(response.bytes == (encoding == "br" ? [3] : encoding == "gzip" ? [2, 2] : [1, 1, 1]))
    }

    @Test func `each encoding has its own tag, and knows it again`() throws {
        let headers: Headers = ["Accept-Encoding": "br"]
        let tag = try #require(asset.response(to: .get, headers: headers).headers["ETag"])
        #expect(tag == "\"1-br\"")
        #expect(asset.response(to: .head, headers: ["Accept-Encoding": "br", "If-None-Match": tag]).status == 304)
        #expect(asset.response(to: .get, headers: ["If-None-Match": tag]).status == 200)
    }

    @Test func `only GET and HEAD are answered, ranges are not`() {
        #expect(asset.response(to: .post, headers: [:]).status == 405)
        let response = asset.response(to: .get, headers: ["Range": "bytes=0-1"])
        #expect(response.status == 200)
        #expect(response.headers["Cache-Control"] == "public, max-age=31536000, immutable")
    }

    @Test func `without compressed bytes there is nothing to vary`() {
        let plain = StaticAsset(path: "/a.png", contentType: "image/png", etag: "\"1\"", plain: [1])
        let response = plain.response(to: .get, headers: ["Accept-Encoding": "br"])
        #expect(response.headers["Vary"] == nil)
        #expect(response.headers["Cache-Control"] == "public, no-cache")
    }
}
