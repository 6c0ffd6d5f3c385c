import Core
import Testing
import Text

@Suite struct JSONWriterTests {
    @Test func `an object is written with its commas`() {
        let bytes = JSONWriter.object {
            $0.field("a", "x")
            $0.field("n", 5)
            $0.field("large", Int64.max)
            $0.field("d", 1.5)
            $0.field("yes", true)
            $0.field("absent", nil as String?)
            $0.null("none")
            $0.field("id", ID(12))
            $0.field("at", Timestamp(milliseconds: 1042))
            $0.object("empty") { _ in }
            $0.array("list") {
                $0.value(1)
                $0.value("two")
                $0.object { $0.field("three", 3) }
                $0.array { _ in }
                $0.null()
            }
            $0.raw("raw", Array("{\"z\":[1,2]}".utf8))
            $0.field("last", "{")
            $0.field("after", "[")
        }
        #expect(
            String(decoding: bytes, as: UTF8.self) == """
                {"a":"x","n":5,"large":9223372036854775807,"d":1.5,"yes":true,"absent":null,"none":null,"id":"12",\
                "at":"1970-01-01T00:00:01.042Z","empty":{},"list":[1,"two",{"three":3},[],null],\
                "raw":{"z":[1,2]},"last":"{","after":"["}
                """)
    }

    @Test(arguments: [
        "", "a\"b\\c", "\u{0}\u{1F}\n\r\t\u{7F}", "</script>&\u{2028}\u{2029}", "José 😀 \u{FFFD} 漢字", "\u{E2}\u{80}",
    ])
    func `every text comes back as it was`(text: String) throws {
        let bytes = JSONWriter.object { $0.field(text, text) }
        let json = try JSON(parsing: bytes)
        #expect(json.object?.first?.key == text)
        #expect(json[text].string == text)
        #expect(!bytes.contains(UInt8(ascii: "<")))
    }

    @Test func `each character that needs it is escaped`() {
        let text = "\u{0}\u{1}\u{A}\u{D}\u{9}\u{1A}\u{1F}\u{7F}<>&\"\\/\u{2027}\u{2028}\u{2029}\u{202A}é"
        let escaped =
            #"["\u0000\u0001\n\r\t\u001a\u001f\u007f\u003c\u003e\u0026\"\\/"# + "\u{2027}"
            + #"\u2028\u2029"# + "\u{202A}é\"]"
        #expect(String(decoding: JSONWriter.array { $0.value(text) }, as: UTF8.self) == escaped)
    }

    @Test func `numbers come back as they were`() throws {
        for number in [0.1, -0.0, 1e300, Double.leastNonzeroMagnitude, 123456789.125] {
            let json = try JSON(parsing: JSONWriter.array { $0.value(number) })
            #expect(json[0].double?.bitPattern == number.bitPattern)
        }
        #expect(JSONWriter.array { $0.value(Double.infinity) } == Array("[null]".utf8))
    }

    @Test func `lines follow each other`() {
        var json = JSONWriter()
        for n in 1...2 {
            json.object { $0.field("n", n) }
            json.endLine()
        }
        #expect(String(decoding: json.bytes, as: UTF8.self) == "{\"n\":1}\n{\"n\":2}\n")
    }

    @Test func `an error in the middle passes through typed`() {
        struct Stop: Error, Equatable {}
        #expect(throws: Stop()) {
            try JSONWriter.object { (json) throws(Stop) in
                json.field("a", 1)
                throw Stop()
            }
        }
    }
}
