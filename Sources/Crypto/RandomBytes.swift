import CCrypto

/// Bytes that nobody can guess, from OpenSSL's generator (seeded by the kernel).
package enum RandomBytes {
    package static func make(_ count: Int) -> [UInt8] {
        Array(unsafeUninitializedCapacity: count) { buffer, filled in
            precondition(ccrypto_random(buffer.baseAddress, count), "without randomness nothing here is safe")
            filled = count
        }
    }
}
