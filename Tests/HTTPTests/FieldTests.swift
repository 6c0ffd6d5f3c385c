import Core
import HTTP
import Testing

/// Headers, cookies, forms and what is read from them.
struct FieldTests {
    @Test func `header names are the same in any case, and repetition is kept`() {
        var headers: Headers = ["Content-Type": "a", "X": "1", "x": "2"]
        headers.add("X", "3")
        #expect(headers["content-type"] == "a")
        #expect(headers.all("X") == ["1", "2", "3"])
        headers["x"] = "4"
        #expect(headers.all("X") == ["4"])
        headers["Content-TYPE"] = nil
        #expect(headers.fields == [.init(name: "x", value: "4")])
        // `@` and the backquote differ by the same bit as `A` and `a`.
        #expect(!Headers.same("X@", "X`"))
        #expect(
            Headers(dictionaryLiteral: ("A", " Close, keep-alive ,,"), ("a", "x")).tokens("A") == [
                "close", "keep-alive", "x",
            ])
    }

    @Test func `cookies are read from all lines, the first of a name counts`() {
        let cookies = Cookies(["Cookie": "a=1; b=x=y;c; a=2", "cookie": " d = 4 "])
        #expect(cookies["a"] == "1")
        #expect(cookies["b"] == "x=y")
        #expect(cookies["c"] == nil)
        #expect(cookies["d"] == "4")
    }

    @Test func `a cookie is set for this site alone unless said otherwise`() {
        var cookie = SetCookie("session", "abc", secure: true)
        #expect(cookie.headerValue == "session=abc; Path=/; HttpOnly; Secure; SameSite=Lax")
        cookie.maxAge = 0
        cookie.httpOnly = false
        cookie.secure = false
        cookie.sameSite = .strict
        cookie.path = "/admin"
        cookie.value = "a;b"
        #expect(cookie.headerValue == "session=a%3Bb; Path=/admin; Max-Age=0; SameSite=Strict")
        var response = Response.empty()
        response.set(cookie)
        response.set(SetCookie("b", "", secure: false))
        #expect(response.headers.all("Set-Cookie").count == 2)
    }

    @Test func `a form is read where the body says it is one`() throws {
        let target = try #require(Target("/"))
        var request = Request(
            method: .post, target: target,
            headers: ["Content-Type": "application/x-www-form-urlencoded; charset=utf-8"],
            body: Array("a=1&b=%E2%82%AC&a=2".utf8))
        #expect(request.form.all("a") == ["1", "2"])
        #expect(request.form["b"] == "€")
        request.headers["Content-Type"] = "text/plain"
        #expect(request.form.pairs.isEmpty)
    }

    @Test func `an answer is 304 to a client that has it`() {
        let response = Response(
            status: 200,
            headers: ["ETag": "\"a\"", "Content-Type": "x/y", "Cache-Control": "no-cache", "Set-Cookie": "s"],
            body: .bytes([1]))
        for known in ["\"a\"", "W/\"a\"", "\"b\", \"a\"", "*"] {
            let answer = response.ifNoneMatch(["If-None-Match": known])
            #expect(answer.status == 304)
            #expect(answer.bytes == [])
            #expect(answer.headers == ["ETag": "\"a\"", "Cache-Control": "no-cache"])
        }
        for unknown in ["\"b\"", "a", "\"a", ""] {
            #expect(response.ifNoneMatch(["If-None-Match": unknown]).status == 200)
        }
        #expect(response.ifNoneMatch([:]).status == 200)
    }

    @Test(arguments: [
        (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"), (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
        (1_709_164_800, "Thu, 29 Feb 2024 00:00:00 GMT"),
    ]) func `a date is written as HTTP has it`(seconds: Int64, text: String) {
        #expect(Timestamp(seconds: seconds).httpDate == text)
    }

    @Test func `a caller may do what its role or scope allows`() {
        let manager = Caller.user(id: ID(1), email: "a@b.example", role: .manager, session: ID(2))
        let writer = Caller.token(id: ID(3), name: "shop", scope: .write)
        #expect(Access.public.permits(.nobody))
        #expect(Access.role(.viewer).permits(manager))
        #expect(!Access.role(.owner).permits(manager))
        #expect(Access.scope(.write).permits(writer))
        #expect(!Access.scope(.admin).permits(writer))
        #expect(!Access.scope(.read).permits(manager))
        #expect(!Access.role(.viewer).permits(writer))
        #expect(!Access.role(.viewer).permits(.nobody))
    }
}
