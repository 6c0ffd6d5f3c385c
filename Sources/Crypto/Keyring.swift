import Glibc
import Synchronization

/// The master keys as the key file holds them now. Every part of a running program that seals or opens asks here each
/// time, because `cartwright key rotate` changes the file under it.
package final class Keyring: Sendable {
    /// What tells one version of the file from the next: a rotation puts another file in its place.
    private struct Stamp: Equatable {
        var inode: UInt
        var seconds: Int
        var nanoseconds: Int
    }

    private struct State {
        var sealer: Sealer
        var stamp: Stamp?
    }

    package let file: KeyFile
    private let state: Mutex<State>

    /// Reads the file; on an empty folder a first key is made.
    package init(_ file: KeyFile) throws(CryptoError) {
        self.file = file
        _ = try file.loadOrCreate()
        // Before the keys are read: what is put in the file's place meanwhile counts as a change.
        let stamp = Self.stamp(of: file)
        state = Mutex(State(sealer: try Self.sealer(try file.load()), stamp: stamp))
    }

    /// Seals with the key that stands first and opens with all.
    package var sealer: Sealer { state.withLock { $0.sealer } }

    /// Reads the file anew where it has changed; whether it had. A file that is gone, or cannot be read, leaves the
    /// keys that are known at work; what is wrong with it is thrown once.
    package func refresh() throws(CryptoError) -> Bool {
        guard let stamp = Self.stamp(of: file), state.withLock({ $0.stamp != stamp }) else { return false }
        state.withLock { $0.stamp = stamp }
        let sealer = try Self.sealer(try file.load())
        state.withLock { $0.sealer = sealer }
        return true
    }

    private static func sealer(_ keys: [MasterKey]) throws(CryptoError) -> Sealer {
        guard let first = keys.first else { throw CryptoError(.badKeyFile, "the key file holds no key") }
        return Sealer(first, former: Array(keys.dropFirst()))
    }

    private static func stamp(of file: KeyFile) -> Stamp? {
        var status = stat()
        guard stat(file.path, &status) == 0 else { return nil }
        return Stamp(inode: status.st_ino, seconds: status.st_mtim.tv_sec, nanoseconds: status.st_mtim.tv_nsec)
    }
}
