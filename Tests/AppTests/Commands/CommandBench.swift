import App
import Core
import Crypto
import Database
import Glibc
import MetaCloudAPI
import PluginKit
import Store
import Synchronization
import TestSupport

/// Runs commands in process on a folder of the test's own.
struct CommandBench {
    struct Run {
        var status: Int32
        var output: String
        var errors: String

        /// The lines of the output.
        var lines: [String] { output.split(separator: "\n").map(String.init) }
    }

    static let now = Timestamp(seconds: 1_795_170_498)

    let folder: TemporaryFolder
    /// What the program has on board.
    let plugins: [any Plugin]
    var data: String { folder.file("data") }

    init(plugins: [any Plugin] = [MetaCloudAPIPlugin()]) throws {
        folder = try TemporaryFolder()
        self.plugins = plugins
        mkdir(data, 0o700)
    }

    /// - Parameters:
    ///   - withData: whether the folder is named by `--data`, after everything else.
    ///   - ask: the person at the terminal; nobody unless given.
    func run(
        _ arguments: [String], input: String = "", environment: [String: String] = [:], withData: Bool = true,
        ask: @escaping @Sendable (String) throws -> String? = { _ in nil }
    ) -> Run {
        let streams = Streams()
        let terminal = Terminal(
            write: { bytes in streams.output.withLock { $0 += bytes } },
            complain: { bytes in streams.errors.withLock { $0 += bytes } }, read: { Array(input.utf8) }, ask: ask)
        let program = Program(plugins: plugins, terminal: terminal, clock: FixedClock(Self.now))
        let status = program.run(arguments + (withData ? ["--data", data] : [])) { environment[$0] }
        return Run(
            status: status, output: String(decoding: streams.output.withLock { $0 }, as: UTF8.self),
            errors: String(decoding: streams.errors.withLock { $0 }, as: UTF8.self))
    }

    func callAsFunction(_ arguments: String..., input: String = "") -> Run { run(arguments, input: input) }

    /// The same folder as the program sees it.
    func open() throws -> Foundation {
        var options = HostOptions()
        options.data = data
        return try Foundation(
            options, plugins: plugins, clock: FixedClock(Self.now), log: TestDatabase.quiet)
    }

    private final class Streams: Sendable {
        let output = Mutex<[UInt8]>([])
        let errors = Mutex<[UInt8]>([])
    }
}
