import Foundation
import Templating
import Testing

/// The published tests of the language, where they lie beside the package, and cases of our own.
@Suite struct `Mustache` {
    @Test(.enabled(if: !SpecCase.published.isEmpty), arguments: SpecCase.published)
    func `does what the specification says`(test: SpecCase) throws {
        #expect(try test.rendered() == test.expected, "\(test.desc)")
    }

    @Test(arguments: SpecCase.own)
    func `does what our own cases say`(test: SpecCase) throws {
        #expect(try test.rendered() == test.expected)
    }
}

/// One case of the specification's files: a template, its data, and what comes out.
struct SpecCase: Decodable, Sendable, CustomTestStringConvertible {
    var name: String
    var desc = ""
    var template: String
    var data: TemplateValue
    var partials: [String: String]?
    var expected: String
    /// Made anew for each rendering, as one of them counts.
    var helpers: @Sendable () -> [TemplateHelper] = { [] }

    var testDescription: String { name }

    private enum CodingKeys: CodingKey { case name, desc, template, data, partials, expected }

    init(
        _ name: String, _ template: String, _ data: TemplateValue, partials: [String: String] = [:],
        helpers: @escaping @Sendable () -> [TemplateHelper] = { [] }, _ expected: String
    ) {
        self.name = name
        self.template = template
        self.data = data
        self.partials = partials
        self.expected = expected
        self.helpers = helpers
    }

    /// A case without data.
    init(_ name: String, _ template: String, partials: [String: String] = [:], _ expected: String) {
        self.init(name, template, .object([:]), partials: partials, expected)
    }

    func rendered() throws -> String {
        let sources = (partials ?? [:]).map { TemplateSource(name: $0, file: $0, text: $1) }
        let main = TemplateSource(name: "(test)", file: "test", text: template)
        let library = TemplateLibrary(sources: sources + [main], helpers: helpers())
        let compiled = try library.untyped("(test)", .spec)
        return String(decoding: compiled.render(data), as: UTF8.self)
    }

    static let published: [SpecCase] = {
        struct File: Decodable { var tests: [SpecCase] }
        let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let folder = package.deletingLastPathComponent().appending(path: "shared/data/mustache-spec")
        return ["comments", "delimiters", "interpolation", "inverted", "partials", "sections"].flatMap { name in
            let data = try? Data(contentsOf: folder.appending(path: "\(name).json"))
            return data.flatMap { try? JSONDecoder().decode(File.self, from: $0).tests } ?? []
        }
    }()
}

extension TemplateValue: Decodable {
    public init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if value.decodeNil() {
            self = .null
        } else if let flag = try? value.decode(Bool.self) {
            self = .flag(flag)
        } else if let number = try? value.decode(Int64.self) {
            self = .integer(number)
        } else if let number = try? value.decode(Double.self) {
            self = .decimal(number)
        } else if let text = try? value.decode(String.self) {
            self = .text(text)
        } else if let list = try? value.decode([TemplateValue].self) {
            self = .list(list)
        } else {
            self = .object(try value.decode([String: TemplateValue].self))
        }
    }
}
