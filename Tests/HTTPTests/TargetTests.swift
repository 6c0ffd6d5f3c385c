import HTTP
import Testing

/// How a request's target is taken apart.
struct TargetTests {
    @Test(arguments: [
        ("/", [""], "/"), ("/a/b", ["a", "b"], "/a/b"), ("/a/", ["a", ""], "/a/"), ("//a", ["", "a"], "//a"),
        ("/a%20b/%C3%A9", ["a b", "é"], "/a b/é"), ("/a?b/../c", ["a"], "/a"), ("/a%3Fb", ["a?b"], "/a?b"),
        ("/...", ["..."], "/..."), ("/a+b", ["a+b"], "/a+b"),
    ]) func `a path is decoded by segments`(raw: String, segments: [String], path: String) throws {
        let target = try #require(Target(raw))
        #expect(target.segments == segments)
        #expect(target.path == path)
        #expect(target.raw == raw)
    }

    @Test(arguments: [
        "", "a", "?a", "/%", "/%4", "/%zz", "/%00", "/a%0d%0ab", "/%7f", "/a%2fb", "/a%5Cb", "/a\\b", "/.", "/..",
        "/a/./b",
        "/%2e%2e/a", "/.%2E", "/%c3", "/%ff",
    ]) func `a path with more than one meaning is none`(raw: String) {
        #expect(Target(raw) == nil)
    }

    @Test func `a query keeps order, repetition and its own text`() throws {
        let query = try #require(Target("/a?b=1&c=x+y%26&b=2&flag&=e&&d=%zz%4")).query
        #expect(query.raw == "b=1&c=x+y%26&b=2&flag&=e&&d=%zz%4")
        #expect(query["b"] == "1")
        #expect(query.all("b") == ["1", "2"])
        #expect(query["c"] == "x y&")
        #expect(query["flag"] == "")
        #expect(query[""] == "e")
        #expect(query["d"] == "%zz%4")
        #expect(query["none"] == nil)
    }

    @Test func `encoding is undone by decoding`() throws {
        let text = "a b&c=d/é%+\u{0}\n\"'"
        let target = try #require(Target("/x?k=\(URLEncoding.encode(text))"))
        #expect(target.query["k"] == text)
        #expect(Form(decoding: Form([("a", text), ("a", "")]).encoded).all("a") == [text, ""])
    }
}
