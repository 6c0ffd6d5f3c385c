import Glibc

/// Where a command's input comes from and its output goes.
package struct Terminal: Sendable {
    /// Results.
    package var write: @Sendable ([UInt8]) throws -> Void
    /// Logs and errors.
    package var complain: @Sendable ([UInt8]) -> Void
    /// All of the input, to its end.
    package var read: @Sendable () throws -> [UInt8]

    /// Errors are read on a screen, whose line may be written anew.
    package var isLive = false
    /// Asks a person for a secret, which is not shown as it is typed; nil where there is nobody to ask.
    package var ask: @Sendable (_ prompt: String) throws -> String?

    package init(
        write: @escaping @Sendable ([UInt8]) throws -> Void, complain: @escaping @Sendable ([UInt8]) -> Void,
        read: @escaping @Sendable () throws -> [UInt8], isLive: Bool = false,
        ask: @escaping @Sendable (_ prompt: String) throws -> String? = { _ in nil }
    ) {
        self.ask = ask
        self.write = write
        self.complain = complain
        self.read = read
        self.isLive = isLive
    }

    /// The process's own.
    package static let standard = Terminal(
        write: { try writeAll($0, to: 1) }, complain: { try? writeAll($0, to: 2) }, read: { try readAll(from: 0) },
        isLive: isatty(2) == 1, ask: { try askSecret($0) })

    /// Far beyond any setting or password.
    private static let inputLimit = 4 << 20

    private static func writeAll(_ bytes: [UInt8], to file: Int32) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw CommandFailure("cannot write: " + String(cString: strerror(errno))) }
            rest = rest.dropFirst(count)
        }
    }

    /// On the terminal itself: input and output may be files.
    private static func askSecret(_ prompt: String) throws -> String? {
        let file = open("/dev/tty", O_RDWR | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var usual = termios()
        guard tcgetattr(file, &usual) == 0 else { return nil }
        var quiet = usual
        quiet.c_lflag &= ~tcflag_t(ECHO)
        try writeAll(Array(prompt.utf8), to: file)
        tcsetattr(file, TCSAFLUSH, &quiet)
        defer {
            tcsetattr(file, TCSAFLUSH, &usual)
            try? writeAll([UInt8(ascii: "\n")], to: file)
        }
        var line: [UInt8] = []
        var byte: UInt8 = 0
        while line.count < 4096, Glibc.read(file, &byte, 1) == 1, byte != UInt8(ascii: "\n") { line.append(byte) }
        guard let text = String(validating: line, as: UTF8.self) else {
            throw CommandFailure("the passphrase is not UTF-8")
        }
        return text
    }

    private static func readAll(from file: Int32) throws -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = Glibc.read(file, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw CommandFailure("cannot read: " + String(cString: strerror(errno))) }
            if count == 0 { return bytes }
            bytes += buffer[..<count]
            guard bytes.count <= inputLimit else { throw CommandFailure("the input is too long") }
        }
    }
}
