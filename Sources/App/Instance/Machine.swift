import Core
import Crypto

/// The machine that this process runs on.
enum Machine {
    /// Where systemd keeps the machine's id, and where it was kept before.
    static let idFiles = ["/etc/machine-id", "/var/lib/dbus/machine-id"]

    /// Tells it from other machines: a hash of its id, which is not to leave it, or of its name where it has no id.
    static func identity(_ files: [String] = idFiles) -> String {
        let id = files.lazy.compactMap(readID).first
        let own = id ?? "host " + MachineName.current
        return (id == nil ? "host:" : "machine:") + Array(SHA256.hash("cartwright.instance " + own).prefix(8)).hex
    }

    /// Images are shipped with an empty file, or with a word in it.
    private static func readID(_ path: String) -> String? {
        guard let text = MarkFile(path: path).read(), text.utf8.count == 32, text.allSatisfy(\.isHexDigit) else {
            return nil
        }
        return text
    }
}
