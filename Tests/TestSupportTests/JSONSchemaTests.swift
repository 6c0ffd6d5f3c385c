import TestSupport
import Testing
import Text

@Suite struct `The schema check` {
    /// Schema, a value that fits, a value that does not.
    @Test(arguments: [
        (#"{"type":"string"}"#, #""a""#, "1"), (#"{"type":["integer","null"]}"#, "null", "1.5"),
        (#"{"type":"integer"}"#, "3.0", #""3""#), (#"{"type":"boolean"}"#, "false", "0"),
        (#"{"enum":["a",1]}"#, "1", #""b""#), (#"{"const":{"a":[1]}}"#, #"{"a":[1]}"#, #"{"a":[2]}"#),
        (#"{"required":["a"]}"#, #"{"a":null}"#, #"{"b":1}"#),
        (#"{"properties":{"a":{"type":"string"}}}"#, #"{"b":1}"#, #"{"a":1}"#),
        (#"{"properties":{"a":true},"additionalProperties":false}"#, #"{"a":1}"#, #"{"b":1}"#),
        (#"{"additionalProperties":{"type":"integer"}}"#, #"{"b":1}"#, #"{"b":"x"}"#),
        (#"{"items":{"type":"integer"}}"#, "[1,2]", #"[1,"x"]"#), (#"{"minItems":1,"maxItems":2}"#, "[1]", "[]"),
        (#"{"maxItems":2}"#, "[1,2]", "[1,2,3]"), (#"{"minimum":2,"maximum":4}"#, "4", "5"),
        (#"{"minLength":2}"#, #""😀😀""#, #""😀""#), (#"{"maxLength":2}"#, #""ab""#, #""abc""#),
        (#"{"pattern":"^[a-z]+$"}"#, #""ab""#, #""aB""#),
        (#"{"pattern":"^(?![\\s\\S]* {5})[^\\n\\r\\t]*$"}"#, #""a    b""#, #""a\r\nb""#),
        (#"{"pattern":"^(?![\\s\\S]* {5})[^\\n\\r\\t]*$"}"#, #""a    b""#, #""a     b""#),
        (#"{"oneOf":[{"type":"integer"},{"minimum":5}]}"#, "3", "7"),
        (#"{"anyOf":[{"type":"integer"},{"type":"null"}]}"#, "null", #""x""#),
        (#"{"allOf":[{"minimum":1},{"maximum":3}]}"#, "2", "4"),
        (#"{"if":{"required":["a"]},"then":{"required":["b"]}}"#, #"{"a":1,"b":1}"#, #"{"a":1}"#),
        (#"{"if":{"required":["a"]},"then":{"required":["b"]},"else":{"required":["c"]}}"#, #"{"c":1}"#, #"{"b":1}"#),
        (#"{"dependentRequired":{"a":["b"]}}"#, #"{"b":1}"#, #"{"a":1}"#),
        (##"{"$ref":"#/components/schemas/Number"}"##, "1", #""x""#),
        (
            #"{"allOf":[{"properties":{"a":true}}],"properties":{"b":true},"unevaluatedProperties":false}"#,
            #"{"a":1,"b":1}"#, #"{"c":1}"#
        ),
    ])
    func `knows what fits and what does not`(schema: String, right: String, wrong: String) throws {
        let document = try JSON(
            parsing: #"{"components":{"schemas":{"Tried":\#(schema),"Number":{"type":"number"}}}}"#)
        let check = JSONSchema(openAPI: document)
        #expect(try check.violations(of: JSON(parsing: right), component: "Tried") == [])
        #expect(try !check.violations(of: JSON(parsing: wrong), component: "Tried").isEmpty)
    }

    @Test func `does not pass over a keyword or a schema that it does not know`() throws {
        let document = try JSON(parsing: #"{"components":{"schemas":{"Tried":{"multipleOf":3}}}}"#)
        let check = JSONSchema(openAPI: document)
        #expect(try !check.violations(of: JSON(parsing: "3"), component: "Tried").isEmpty)
        #expect(try !check.violations(of: JSON(parsing: "3"), component: "Absent").isEmpty)
    }

    /// Meta's published examples, where they lie beside the repository.
    @Test(.enabled(if: RepositoryFile.read(examples + "manifest.json") != nil))
    func `agrees with the published examples`() throws {
        let schema = try #require(try MetaSchema.published())
        let manifest = try JSON(parsing: #require(RepositoryFile.read(Self.examples + "manifest.json")))
        var checked = 0
        for entry in manifest.array ?? [] {
            guard let component = entry["schema"].string, let name = entry["name"].string else { continue }
            let value = try JSON(parsing: #require(RepositoryFile.read("\(Self.examples)\(name).json")))
            let violations = schema.violations(of: value, component: component)
            #expect(violations.isEmpty == (entry["valid"].bool == true), "\(name): \(violations)")
            checked += 1
        }
        #expect(checked > 100)
    }

    private static let examples = "../shared/data/meta-examples/"
}
