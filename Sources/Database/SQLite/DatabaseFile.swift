import CDatabase
import Glibc

/// A SQLite database's file as the system knows it: enough to tell it from its copies.
package struct DatabaseFile: Sendable {
    /// Without links and dots.
    package let path: String
    /// When it was made on its disk, in nanoseconds since 1970: a rename keeps that, a copy gets its own. Nil where the
    /// disk does not say.
    package let born: Int64?
    private let device: dev_t
    private let node: ino_t

    /// Nil where there is no such file.
    package init?(at path: String) {
        guard let real = realpath(path, nil) else { return nil }
        defer { free(real) }
        var status = stat()
        guard stat(real, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        var born: Int64 = 0
        self.born = cw_file_born(real, &born) == 1 ? born : nil
        self.path = String(cString: real)
        device = status.st_dev
        node = status.st_ino
    }

    /// Whether both are one file, by whatever names.
    package func isSame(as other: DatabaseFile) -> Bool { device == other.device && node == other.node }

    /// The folder that it stands in.
    package var folder: String { Self.folder(of: path) }
}
