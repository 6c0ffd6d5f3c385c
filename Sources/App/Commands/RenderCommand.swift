import Core
import Glibc
import Localization
import Templating
import Text

/// `cartwright render`: a template and its data, to try what a page or a message becomes.
enum RenderCommand {
    private static let partials = Flag("partials", "DIR", "the folder of NAME.mustache for each partial NAME")
    private static let mode = Flag("mode", "MODE", "spec (Mustache alone), page or text [spec]")

    static let command = Command(
        "render", "Renders a Mustache template with JSON data to standard output",
        operands: [.init(name: "TEMPLATE"), .init(name: "DATA")], flags: [partials, mode, .resources]
    ) { call in
        let mode: TemplateMode = try call.choice(mode, call[mode] ?? TemplateMode.spec.rawValue)
        // No tag can name it, so that a partial is never the template itself.
        let name = ""
        let template = TemplateSource(name: name, file: call.operands[0], bytes: try contents(of: call.operands[0]))
        let data = try data(in: call.operands[1])
        let words = mode == .spec ? nil : try words(call[.resources])
        let library = TemplateLibrary(folders: call[partials].map { [$0] } ?? [], sources: [template], words: words)
        let context = words.map { RenderContext(words: $0, zone: "UTC", now: call.clock.now()) }
        try call.terminal.write(try library.untyped(name, mode).render(data, context))
    }

    /// What pages and texts say in words is in the program's own catalogue.
    private static func words(_ resources: String?) throws -> LocalWords {
        LocalWords(try Catalog.load(Resources.find(resources).locales).words(for: "en"), zone: .utc)
    }

    private static func data(in file: String) throws -> TemplateValue {
        do {
            return TemplateValue(try JSON(parsing: try contents(of: file)))
        } catch let error as JSONError {
            throw CommandFailure("\(file): \(error)")
        }
    }

    private static func contents(of file: String) throws -> [UInt8] {
        guard let handle = fopen(file, "rbe") else {
            throw CommandFailure("\(file): " + String(cString: strerror(errno)))
        }
        defer { fclose(handle) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = fread(&buffer, 1, buffer.count, handle)
            if count == 0 { break }
            bytes += buffer[..<count]
        }
        guard ferror(handle) == 0 else { throw CommandFailure("\(file) cannot be read") }
        return bytes
    }
}

extension TemplateValue {
    /// Numbers that are not whole keep the shortest digits that read back as the same.
    init(_ json: JSON) {
        switch json.kind {
        case .string: self = .text(json.string ?? "")
        case .number: self = json.int.map { .integer(Int64($0)) } ?? .decimal(json.double ?? 0)
        case .true: self = .flag(true)
        case .false: self = .flag(false)
        case .array: self = .list((json.array ?? []).map(TemplateValue.init))
        case .object:
            self = .object(
                Dictionary((json.object ?? []).map { ($0.key, TemplateValue($0.value)) }) { _, last in last })
        case .null, nil: self = .null
        }
    }
}
