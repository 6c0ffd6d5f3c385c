import Glibc

/// The server could not start; said in words for the person at the command line.
package struct ServerError: Error, Sendable, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }

    /// - Parameter status: a negative errno, as the door to sockets gives it.
    init(_ what: String, status: Int32) {
        description = "\(what): \(String(cString: strerror(-status)))"
    }
}
