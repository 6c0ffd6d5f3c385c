import App
package import Core

/// The built program, run as its users run it.
package enum Cartwright {
    /// What one run came to.
    package struct Run: Sendable {
        package var status: Int32
        package var output: String
        package var errors: String
    }

    /// It lies beside the tests, in the folder that both were built into.
    package static var program: String { ProgramFile.folder + "/cartwright" }

    /// Beside these variables the program sees none.
    package static let environment = ["PATH": "/usr/bin:/bin", "SWIFT_BACKTRACE": "enable=no"]

    /// Runs a command to its end.
    package static func run(
        _ arguments: [String], input: String = "", environment: [String: String] = [:],
        within limit: Timestamp.Span = .seconds(60)
    ) throws -> Run {
        let folder = try TemporaryFolder()
        let process = try ChildProcess(
            program, arguments, environment: self.environment.merging(environment) { $1 }, input: Array(input.utf8),
            errors: folder.file("errors"))
        let output = String(decoding: try process.rest(within: limit), as: UTF8.self)
        guard case .exited(let status) = try process.ending(within: limit) else {
            throw ProcessFailure("cartwright was killed: \(folder.text("errors"))")
        }
        return Run(status: status, output: output, errors: folder.text("errors"))
    }
}
