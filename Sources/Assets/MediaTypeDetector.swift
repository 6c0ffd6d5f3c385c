import CFiles
import Synchronization

/// Tells what an upload really is, whatever its name and headers say.
package final class MediaTypeDetector: Sendable {
    /// libmagic keeps its state in the handle, so one thread asks at a time.
    private let magic: Mutex<Handle>

    private struct Handle: ~Copyable {
        let pointer: OpaquePointer
        deinit { cf_magic_close(pointer) }
    }

    /// Throws when libmagic's database is missing. Takes some milliseconds: make it once.
    package init() throws(AssetError) {
        guard let pointer = cf_magic_open() else {
            throw AssetError(file: "magic.mgc", message: "the database of media types cannot be read")
        }
        magic = Mutex(Handle(pointer: pointer))
    }

    /// The type without parameters, such as `image/png`; `application/octet-stream` for what nobody knows.
    /// The first few kilobytes of a file are enough.
    package func type(of bytes: [UInt8]) -> String {
        magic.withLock { handle in
            bytes.withUnsafeBufferPointer { buffer in
                // An empty array has no address, and libmagic calls nothing an empty file.
                guard let base = buffer.baseAddress, !buffer.isEmpty,
                    let type = cf_magic_type(handle.pointer, base, buffer.count)
                else { return "application/octet-stream" }
                return String(cString: type)
            }
        }
    }
}
