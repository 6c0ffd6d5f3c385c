#include "CCrypto.h"
#include "algorithms.h"

#include <openssl/crypto.h>

static EVP_CIPHER_CTX *start(
    const uint8_t *key, const uint8_t *nonce, const uint8_t *associated, size_t associated_count, bool sealing) {
    EVP_CIPHER *algorithm = ccrypto_gcm_algorithm();
    EVP_CIPHER_CTX *context = algorithm ? EVP_CIPHER_CTX_new() : NULL;
    int written = 0;
    if (context
        && (EVP_CipherInit_ex2(context, algorithm, key, nonce, sealing, NULL) != 1
            || (associated_count
                && EVP_CipherUpdate(context, NULL, &written, associated, (int)associated_count) != 1))) {
        EVP_CIPHER_CTX_free(context);
        return NULL;
    }
    return context;
}

bool ccrypto_seal(
    const uint8_t key[32], const uint8_t nonce[12], const uint8_t *associated, size_t associated_count,
    const uint8_t *clear, size_t count, uint8_t *sealed, uint8_t tag[16]) {
    if (count > INT32_MAX || associated_count > INT32_MAX) return false;
    EVP_CIPHER_CTX *context = start(key, nonce, associated, associated_count, true);
    if (!context) return false;
    int written = 0;
    uint8_t rest[16];
    bool done = (!count || EVP_CipherUpdate(context, sealed, &written, clear, (int)count) == 1)
        && EVP_CipherFinal_ex(context, rest, &written) == 1
        && EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, 16, tag) == 1;
    EVP_CIPHER_CTX_free(context);
    return done;
}

bool ccrypto_open(
    const uint8_t key[32], const uint8_t nonce[12], const uint8_t *associated, size_t associated_count,
    const uint8_t *sealed, size_t count, const uint8_t tag[16], uint8_t *clear) {
    if (count > INT32_MAX || associated_count > INT32_MAX) return false;
    EVP_CIPHER_CTX *context = start(key, nonce, associated, associated_count, false);
    if (!context) return false;
    int written = 0;
    uint8_t rest[16];
    bool done = (!count || EVP_CipherUpdate(context, clear, &written, sealed, (int)count) == 1)
        && EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, 16, (void *)tag) == 1
        && EVP_CipherFinal_ex(context, rest, &written) == 1;
    EVP_CIPHER_CTX_free(context);
    if (!done && count) OPENSSL_cleanse(clear, count);
    return done;
}
