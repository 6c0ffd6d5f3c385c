package import Core
package import Glibc
import Synchronization

/// A program that a test has started: its output line by line, its end, and its death when the value goes.
package final class ChildProcess: Sendable {
    package enum Ending: Sendable, Equatable {
        case exited(Int32)
        case killed(signal: Int32)
    }

    private struct State {
        /// Output that was read but not asked for yet.
        var pending: [UInt8] = []
        var isAtEnd = false
        var ending: Ending?
    }

    package let pid: pid_t
    private let output: Int32
    private let state = Mutex(State())

    /// Held from the making of a pipe to the start of its process, so that no other child inherits an end of it.
    private static let starting = Mutex(())

    /// - Parameters:
    ///   - environment: all of it; nothing is inherited.
    ///   - input: at most 64 kB, what a pipe holds.
    ///   - errors: the file that takes standard error.
    package init(
        _ program: String, _ arguments: [String], environment: [String: String] = [:], input: [UInt8] = [],
        errors: String
    ) throws {
        (pid, output) = try Self.starting.withLock { _ in
            let (inputEnd, feed) = try Self.pipe()
            let (output, outputEnd) = try Self.pipe()
            defer { [inputEnd, feed, outputEnd].forEach { close($0) } }
            guard input.isEmpty || write(feed, input, input.count) == input.count else {
                throw ProcessFailure("the input does not fit a pipe")
            }
            var actions = posix_spawn_file_actions_t()
            posix_spawn_file_actions_init(&actions)
            defer { posix_spawn_file_actions_destroy(&actions) }
            posix_spawn_file_actions_adddup2(&actions, inputEnd, 0)
            posix_spawn_file_actions_adddup2(&actions, outputEnd, 1)
            posix_spawn_file_actions_addopen(&actions, 2, errors, O_WRONLY | O_CREAT | O_APPEND, 0o600)
            var words = ([program] + arguments).map { strdup($0) } + [nil]
            var variables = environment.map { strdup("\($0)=\($1)") } + [nil]
            defer { (words + variables).forEach { free($0) } }
            var pid = pid_t()
            let status = posix_spawn(&pid, program, &actions, nil, &words, &variables)
            guard status == 0 else {
                close(output)
                throw ProcessFailure("cannot start \(program): \(String(cString: strerror(status)))")
            }
            return (pid, output)
        }
    }

    deinit {
        kill()
        close(output)
    }

    /// The next line of its output without the newline; nil at the output's end.
    package func nextLine(within limit: Timestamp.Span = .seconds(30)) throws -> String? {
        try state.withLock { state in
            let end = SystemClock().sinceBoot() + limit
            while true {
                if let newline = state.pending.firstIndex(of: UInt8(ascii: "\n")) {
                    defer { state.pending.removeFirst(newline + 1) }
                    return String(decoding: state.pending[..<newline], as: UTF8.self)
                }
                guard !state.isAtEnd else { return nil }
                try fill(&state, until: end)
            }
        }
    }

    /// All of the output that was not read line by line, once it is complete.
    package func rest(within limit: Timestamp.Span = .seconds(30)) throws -> [UInt8] {
        try state.withLock { state in
            let end = SystemClock().sinceBoot() + limit
            while !state.isAtEnd { try fill(&state, until: end) }
            defer { state.pending = [] }
            return state.pending
        }
    }

    /// How it ended. A process lets go of its output when it dies, so its last line is what is waited for.
    package func ending(within limit: Timestamp.Span = .seconds(30)) throws -> Ending {
        try state.withLock { state in
            let end = SystemClock().sinceBoot() + limit
            while !state.isAtEnd { try fill(&state, until: end) }
            return reap(&state)
        }
    }

    package func signal(_ number: Int32) {
        state.withLock { state in if state.ending == nil { _ = Glibc.kill(pid, number) } }
    }

    /// SIGKILL, and waits for the end.
    package func kill() {
        state.withLock { state in
            guard state.ending == nil else { return }
            _ = Glibc.kill(pid, SIGKILL)
            _ = reap(&state)
        }
    }

    private func reap(_ state: inout State) -> Ending {
        if let ending = state.ending { return ending }
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0, errno == EINTR {}
        let signal = status & 0x7f
        let ending = signal == 0 ? Ending.exited(status >> 8 & 0xff) : .killed(signal: signal)
        state.ending = ending
        return ending
    }

    private func fill(_ state: inout State, until end: Timestamp.Span) throws {
        var wanted = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
        let left = end.milliseconds - SystemClock().sinceBoot().milliseconds
        guard left > 0, poll(&wanted, 1, Int32(clamping: left)) > 0 else {
            throw ProcessFailure("process \(pid) said nothing in time")
        }
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = read(output, &buffer, buffer.count)
        if count > 0 { state.pending += buffer[..<count] } else { state.isAtEnd = true }
    }

    /// Both ends closed in every child but the one that is given them.
    private static func pipe() throws -> (read: Int32, write: Int32) {
        var ends: [Int32] = [0, 0]
        guard Glibc.pipe(&ends) == 0 else { throw ProcessFailure("no pipe") }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return (ends[0], ends[1])
    }
}

package struct ProcessFailure: Error, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }
}
