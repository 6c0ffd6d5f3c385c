// What we need of OpenSSL and libargon2, as plain calls over bytes. Algorithms are fetched once: OpenSSL 3 looks
// them up anew in each of its convenience calls. False means that the library failed (no memory, no algorithm),
// unless said otherwise. A NULL pointer is allowed where the length beside it is 0.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

bool ccrypto_random(uint8_t *bytes, size_t count);

/// Compares in a time that depends on `count` alone.
bool ccrypto_equal(const uint8_t *a, const uint8_t *b, size_t count);

/// A SHA-256 under way: opaque here, since Swift cannot see EVP_MD_CTX.
typedef struct ccrypto_hash ccrypto_hash;
ccrypto_hash *ccrypto_sha256_new(void);
bool ccrypto_sha256_update(ccrypto_hash *hash, const uint8_t *bytes, size_t count);
bool ccrypto_sha256_final(ccrypto_hash *hash, uint8_t digest[32]);
void ccrypto_sha256_free(ccrypto_hash *hash);

bool ccrypto_hmac_sha256(
    const uint8_t *key, size_t key_count, const uint8_t *bytes, size_t count, uint8_t code[32]);

/// For one-time codes alone (RFC 6238), whose authenticator apps know no other.
bool ccrypto_hmac_sha1(
    const uint8_t *key, size_t key_count, const uint8_t *bytes, size_t count, uint8_t code[20]);

/// AES-256-GCM. `sealed` has room for `count` bytes.
bool ccrypto_seal(
    const uint8_t key[32], const uint8_t nonce[12], const uint8_t *associated, size_t associated_count,
    const uint8_t *clear, size_t count, uint8_t *sealed, uint8_t tag[16]);

/// False also when anything was altered; `clear` then holds zeros.
bool ccrypto_open(
    const uint8_t key[32], const uint8_t nonce[12], const uint8_t *associated, size_t associated_count,
    const uint8_t *sealed, size_t count, const uint8_t tag[16], uint8_t *clear);

/// Argon2id, version 0x13, 32 bytes of hash. `phc` receives a NUL-terminated PHC string.
bool ccrypto_argon2id(
    uint32_t memory_kib, uint32_t passes, uint32_t lanes, const uint8_t *password, size_t count,
    const uint8_t salt[16], char *phc, size_t phc_size);

/// The same hash, bare: a key made from a passphrase.
bool ccrypto_argon2id_key(
    uint32_t memory_kib, uint32_t passes, uint32_t lanes, const uint8_t *password, size_t count,
    const uint8_t salt[16], uint8_t key[32]);

/// 1 when the password is the one, 0 when not, -1 when the library failed or the string is not a PHC string.
int ccrypto_argon2id_verify(const char *phc, const uint8_t *password, size_t count);
