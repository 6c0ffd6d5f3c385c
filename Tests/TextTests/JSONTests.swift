import Testing
import Text

@Suite struct JSONTests {
    private let order = """
        {"id":731,"total":"29.90","paid":true,"note":null,"price":19.90,
         "billing":{"first_name":"Jos\\u00e9 \\ud83d\\ude00","phone":5},
         "line_items":[{"id":1,"name":"Tea"},{"id":"x","name":"Cup \\"blue\\""}],"empty":{},"none":[]}
        """

    @Test func `values are read by key and position`() throws {
        let json = try JSON(parsing: order)
        #expect(json["id"].int == 731)
        #expect(json["total"].string == "29.90")
        #expect(json["paid"].bool == true)
        #expect(json["note"].isNull)
        #expect(json["note"].exists)
        #expect(json["price"].double == 19.9)
        #expect(json["billing"]["first_name"].string == "José 😀")
        #expect(json["line_items"][1]["name"].string == "Cup \"blue\"")
        #expect(json["line_items"].array?.map { $0["name"].string } == ["Tea", "Cup \"blue\""])
        #expect(json["empty"].object?.isEmpty == true)
        #expect(json["none"].array?.isEmpty == true)
        #expect(
            json.object?.map(\.key) == [
                "id", "total", "paid", "note", "price", "billing", "line_items", "empty", "none",
            ])
    }

    @Test func `what is absent or of another kind is nil`() throws {
        let json = try JSON(parsing: order)
        #expect(json["nothing"]["at"][3]["all"].string == nil)
        #expect(!json["nothing"].exists)
        #expect(!json["nothing"].isNull)
        #expect(json["id"].string == nil)
        #expect(json["total"].int == nil)
        #expect(json["price"].int == nil)
        #expect(json["line_items"][2].kind == nil)
        #expect(json["line_items"][-1].kind == nil)
        #expect(json["line_items"].object == nil)
        #expect(json["billing"].array == nil)
    }

    @Test func `an error names the place`() throws {
        let json = try JSON(parsing: order, name: "order")
        func message(_ read: () throws -> Any) -> String? {
            do {
                _ = try read()
                return nil
            } catch { return "\(error)" }
        }
        #expect(message { try json["billing"]["phone"].expectString() } == "order.billing.phone: expected text")
        #expect(message { try json["billing"]["email"].expectString() } == "order.billing.email: expected text")
        #expect(
            message { try json["line_items"][1]["id"].expectInt() } == "order.line_items[1].id: expected a whole number"
        )
        #expect(
            message { try json["line_items"][7]["id"].expectInt() } == "order.line_items[7].id: expected a whole number"
        )
        #expect(message { try json.expectArray() } == "order: expected a list")
        #expect(message { try JSON(parsing: "5").expectString() } == "expected text")
        #expect(json["line_items"].array?[1]["name"].path == "order.line_items[1].name")
        #expect(try json["line_items"][0]["id"].expectStringOrNumber() == "1")
    }

    @Test(arguments: [
        "0", "-0", "19.90", "12345678901234567890123", "1e3", "1E+05", "-2.50e-7", "1e999", "0.10000000000000000001",
    ])
    func `a number keeps its digits`(digits: String) throws {
        #expect(try JSON(parsing: "[ \(digits) ,1]")[0].rawNumber == digits)
        #expect(try JSON(parsing: digits).rawNumber == digits)
        #expect(try JSON(parsing: "{\"a\":\(digits)\n}")["a"].stringOrNumber == digits)
    }

    @Test func `numbers are converted only where nothing is lost`() throws {
        let json = try JSON(parsing: "[9223372036854775807,-9223372036854775808,9223372036854775808,1.0,1e2,1e999,-0]")
        #expect(json.array?.map(\.int) == [.max, .min, nil, nil, nil, nil, 0])
        #expect(json[3].double == 1)
        #expect(json[4].double == 100)
        #expect(json[5].double == nil)
    }

    @Test func `of a key that comes twice the last value counts`() throws {
        let json = try JSON(parsing: #"{"a":1,"b":2,"\u0061":3}"#)
        #expect(json["a"].int == 3)
        #expect(json.object?.map(\.key) == ["a", "b", "a"])
    }

    @Test(arguments: [
        "null", "true", "\"x\"", " [] ", "\t{}\n", "\"\"", #""\u0000""#, #"{"":{"":[[]]}}"#, "[null,false]",
        #"["\/\b\f\n\r\t\"\\"]"#, "\"\u{7F}\"",
    ])
    func `a sound text is read`(text: String) throws {
        #expect(try JSON(parsing: text).exists)
    }

    @Test(arguments: [
        "", " ", "[", "]", "{", "[1", "1]", "1],[2", "1,2", "[1,]", "[,1]", "[1 2]", "[1}", "{\"a\":1]", "{\"a\"}",
        "{\"a\" 1}", "{\"a\":}", "{\"a\":1,}", "{,}", "{1:2}", "{a:1}", "{'a':1}", "[1]x", "[1][", "{} {}", "tru",
        "nul", "truex", "True", "NaN", "Infinity", "01", "-", "+1", ".5", "1.", "1e", "1e+", "0x10", "1_000", "--1",
        "-01", "\"", "\"a", "\"\n\"", "\"\u{1}\"", #""\x""#, #""\u12""#, #""\ud800""#, #""\ud800\u0041""#,
        #""\udc00""#, "// a\n1", "\u{FEFF}1", "[1]\u{0}", "\u{0}", "[\"a\",\"b\"", "{\"a\":{\"b\":1}", "\"a\" \"b\"",
        "[1:2]", "{\"a\":1:2}", "{\"a\",\"b\"}", "null null", "}", "{]", "[}",
    ])
    func `a broken text is refused`(text: String) {
        let error = #expect(throws: JSONError.self) { try JSON(parsing: text) }
        #expect(error?.kind == .malformed)
    }

    @Test(
        arguments: [
            [0xFF], [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xE2, 0x82], [0x80],
        ] as [[UInt8]])
    func `bytes that are not UTF-8 are refused`(bytes: [UInt8]) {
        let error = #expect(throws: JSONError.self) { try JSON(parsing: [0x22] + bytes + [0x22], name: "order") }
        #expect(error?.description == "order: it is not UTF-8")
    }

    @Test func `nesting has a limit`() throws {
        let depth = JSON.maximumDepth
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        #expect(try JSON(parsing: nested(depth)).array?.count == 1)
        let error = #expect(throws: JSONError.self) { try JSON(parsing: nested(depth + 1)) }
        #expect(error?.kind == .tooDeep)
        #expect(throws: JSONError.self) { try JSON(parsing: String(repeating: "{\"a\":", count: 100_000)) }
        #expect(
            try JSON(parsing: "[" + Array(repeating: "[]", count: 1000).joined(separator: ",") + "]").array?.count
                == 1000)
    }

    @Test func `a value outlives later texts and crosses threads`() async throws {
        let first = try JSON(parsing: #"{"a":"first"}"#)
        let big = try JSON(parsing: "[\"" + String(repeating: "x", count: 3_000_000) + "\"]")
        _ = try JSON(parsing: #"{"b":"second"}"#)
        let text = await Task.detached { first["a"].string }.value
        #expect(text == "first")
        #expect(big[0].string?.utf8.count == 3_000_000)
    }

    @Test func `cutting or changing any byte never crashes and keeps what is read sound`() throws {
        let bytes = Array(order.utf8)
        for end in 0..<bytes.count {
            #expect(throws: JSONError.self) { try JSON(parsing: Array(bytes[..<end])) }
        }
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<20_000 {
            var changed = bytes
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                let byte = Array("{}[]:,\"\\u0 1ae-.\n\u{0}".utf8).randomElement() ?? 0
                changed[Int.random(in: 0..<changed.count, using: &generator)] = byte
            }
            guard let json = try? JSON(parsing: changed) else { continue }
            #expect(try JSON(parsing: Self.rewritten(json)).object?.count == json.object?.count)
        }
    }

    /// The same value through the writer.
    private static func rewritten(_ json: JSON) -> [UInt8] {
        var writer = JSONWriter()
        write(json, to: &writer)
        return writer.bytes
    }

    private static func write(_ json: JSON, to writer: inout JSONWriter) {
        if let pairs = json.object {
            writer.object { for pair in pairs { $0.raw(pair.key, rewritten(pair.value)) } }
        } else if let elements = json.array {
            writer.array { for element in elements { write(element, to: &$0) } }
        } else if let number = json.rawNumber {
            writer.raw(Array(number.utf8))
        } else if let bool = json.bool {
            writer.value(bool)
        } else {
            writer.value(json.string)
        }
    }

    @Test(arguments: [
        ("{\n  \"a\": 1,\n  oops }", "line 3, column 3"), ("[1 2]", "line 1, column 4"), ("[1, 01]", "line 1"),
        ("nothing", "line 1, column 1"),
    ])
    func `a text that breaks off is told with its line and column`(text: String, place: String) {
        let error = #expect(throws: JSONError.self) { try JSON(parsing: text) }
        #expect(error?.message.contains(place) == true, "\(error?.message ?? "")")
    }
}
