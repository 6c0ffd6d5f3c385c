/// Why a move to another database cannot begin, or go on. What was copied so far stays, and the source is as it was.
struct MoveError: Error, Sendable, Equatable, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
