import CFiles

/// Files made small once, to be sent many times: zlib and brotli, both at 9.
enum Compression {
    /// Nil where the result would not be smaller.
    static func gzip(_ bytes: [UInt8]) -> [UInt8]? { smaller(bytes, cf_gzip) }
    static func brotli(_ bytes: [UInt8]) -> [UInt8]? { smaller(bytes, cf_brotli) }

    private typealias Codec = (UnsafePointer<UInt8>, Int, UnsafeMutablePointer<UInt8>, Int) -> Int

    private static func smaller(_ bytes: [UInt8], _ codec: Codec) -> [UInt8]? {
        guard bytes.count > 1 else { return nil }
        let result = [UInt8](unsafeUninitializedCapacity: bytes.count - 1) { room, count in
            count = bytes.withUnsafeBufferPointer { input in
                guard let from = input.baseAddress, let to = room.baseAddress else { return 0 }
                return codec(from, input.count, to, bytes.count - 1)
            }
        }
        return result.isEmpty ? nil : result
    }
}
