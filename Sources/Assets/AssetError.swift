/// A file of our own that cannot be served, with the place to mend: it stops the start of the program.
package struct AssetError: Error, Sendable, Hashable, CustomStringConvertible {
    package let file: String
    /// Nil when the problem is the file as a whole.
    package let line: Int?
    package let message: String

    init(file: String, line: Int? = nil, message: String) {
        self.file = file
        self.line = line
        self.message = message
    }

    package var description: String {
        guard let line else { return "\(file): \(message)" }
        return "\(file):\(line): \(message)"
    }
}
