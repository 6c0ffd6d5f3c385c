#include "CCrypto.h"

#include <argon2.h>

bool ccrypto_argon2id(
    uint32_t memory_kib, uint32_t passes, uint32_t lanes, const uint8_t *password, size_t count,
    const uint8_t salt[16], char *phc, size_t phc_size) {
    return argon2id_hash_encoded(passes, memory_kib, lanes, password, count, salt, 16, 32, phc, phc_size) == ARGON2_OK;
}

bool ccrypto_argon2id_key(
    uint32_t memory_kib, uint32_t passes, uint32_t lanes, const uint8_t *password, size_t count,
    const uint8_t salt[16], uint8_t key[32]) {
    return argon2id_hash_raw(passes, memory_kib, lanes, password, count, salt, 16, key, 32) == ARGON2_OK;
}

int ccrypto_argon2id_verify(const char *phc, const uint8_t *password, size_t count) {
    switch (argon2id_verify(phc, password, count)) {
    case ARGON2_OK: return 1;
    case ARGON2_VERIFY_MISMATCH: return 0;
    default: return -1;
    }
}
