import CAllocations
import Core
import Glibc
import Localization
import Templating
import Text

/// How fast templates are rendered, with how many allocations, and how fast they are compiled.
///
/// Prints a line for each case: its name, renderings a second, bytes, allocations of one rendering and of one with
/// twice the rows, and how often a second the same pieces are copied one by one, and all at once. The last line says
/// in how many milliseconds how many of the program's own templates are read and compiled.
struct TemplateRuns {
    /// Holds the templates, and `data.json` with the data of each case.
    let folder: String
    let time: Timestamp.Span
    let clock: any Clock

    func run() throws {
        let data = try JSON(parsing: try FileBytes.read(folder + "/data.json"))
        let library = TemplateLibrary(folders: [folder, folder + "/own"])
        let table = try library.page("table", BenchTable.self)
        let page = try library.page("page", BenchPage.self)
        let message = try library.text("message", BenchMessage.self)
        try measure("table", table, BenchTable(data["table"]), twice: BenchTable(data["twice_table"]))
        try measure("page", page, BenchPage(data["page"]), twice: BenchPage(data["twice_page"]))
        try measure("message", message, BenchMessage(data["message"]), twice: BenchMessage(data["message"]))
        try compileAll()
    }

    /// All bundled templates but the few with a place for finished HTML, which only a model can promise.
    private func compileAll() throws {
        let words = LocalWords(try Catalog.load("Locales").words(for: "en"), zone: .utc)
        func library() -> TemplateLibrary {
            TemplateLibrary(folders: ["Templates"], words: words, asset: { "/static/" + $0 })
        }
        let names = library().names().filter { (try? library().untyped($0, .page)) != nil }
        let times = try (0..<20).map { _ in
            let start = Self.microseconds()
            let library = library()
            for name in names { _ = try library.untyped(name, .page) }
            return Self.microseconds() - start
        }
        print("compile", Double(times.sorted()[times.count / 2]) / 1000, names.count, separator: "\t")
    }

    private static func microseconds() -> Int {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return time.tv_sec * 1_000_000 + time.tv_nsec / 1000
    }

    private func measure<Model: TemplateModel>(
        _ name: String, _ template: PageTemplate<Model>, _ model: Model, twice: Model
    ) throws {
        let context = RenderContext(words: NoWords(), zone: "UTC", now: clock.now())
        let page = template.render(model, context)
        try FileBytes.write(page, to: "\(folder)/\(name).ours")
        let single = allocations { template.render(model, context) }
        let double = allocations { template.render(twice, context) }
        let rate = perSecond { template.render(model, context).count }
        let pieces = Self.pieces(of: page)
        let pieceRate = perSecond { Self.copy(pieces, page.count).count }
        let copyRate = perSecond { page.withUnsafeBufferPointer { Array($0) }.count }
        print(name, rate, page.count, single, double, pieceRate, copyRate, separator: "\t")
    }

    private func allocations(_ render: () -> [UInt8]) -> UInt64 {
        for _ in 0..<10 { _ = render() }
        let before = callocations_count()
        _ = render()
        return callocations_count() - before
    }

    private func perSecond(_ work: () -> Int) -> Double {
        for _ in 0..<100 { _ = work() }
        let start = clock.sinceBoot()
        var count = 0
        var sum = 0
        while clock.sinceBoot() - start < time {
            for _ in 0..<50 { sum &+= work() }
            count += 50
        }
        // The sum is used so that no work can be left out.
        let elapsed = Double((clock.sinceBoot() - start).milliseconds) / 1000
        return sum == 0 ? 0 : Double(count) / elapsed
    }

    /// The page cut at each tag and text: about as many pieces as its tags and constants are.
    private static func pieces(of page: [UInt8]) -> [[UInt8]] {
        page.split(separator: UInt8(ascii: ">"), omittingEmptySubsequences: false).map { Array($0) }
    }

    private static func copy(_ pieces: [[UInt8]], _ count: Int) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(count + 1)
        for piece in pieces {
            out += piece
            out.append(UInt8(ascii: ">"))
        }
        return out
    }
}

/// The templates of the benchmark hold no words.
private struct NoWords: TemplateWords {
    var language: String { "en" }
    func has(_ key: String) -> Bool { false }
    func text(_ key: String, _ arguments: [String: WordArgument]) -> String { key }
    func number(_ number: Int64) -> String { String(number) }
    func money(_ money: Money) -> String { money.amount }
    func date(_ time: Timestamp, zone: String) -> String { time.rfc3339 }
    func time(_ time: Timestamp, zone: String) -> String { time.rfc3339 }
    func dateTime(_ time: Timestamp, zone: String) -> String { time.rfc3339 }
    func relative(_ time: Timestamp, now: Timestamp) -> String { time.rfc3339 }
}

/// Whole files.
private enum FileBytes {
    static func read(_ path: String) throws -> [UInt8] {
        guard let handle = fopen(path, "rbe") else { throw Bench.Usage() }
        defer { fclose(handle) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = fread(&buffer, 1, buffer.count, handle)
            if count == 0 { return bytes }
            bytes += buffer[..<count]
        }
    }

    static func write(_ bytes: [UInt8], to path: String) throws {
        guard let handle = fopen(path, "wbe") else { throw Bench.Usage() }
        defer { fclose(handle) }
        guard fwrite(bytes, 1, bytes.count, handle) == bytes.count else { throw Bench.Usage() }
    }
}
