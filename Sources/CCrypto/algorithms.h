#pragma once

#include <openssl/evp.h>

// Fetched at first use and kept for the process's life; NULL when OpenSSL has no such algorithm.
EVP_MD *ccrypto_sha256_algorithm(void);
EVP_CIPHER *ccrypto_gcm_algorithm(void);
EVP_MAC *ccrypto_hmac_algorithm(void);
