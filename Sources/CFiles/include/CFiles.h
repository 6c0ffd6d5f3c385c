// The door to zlib, brotli, libqrencode and libmagic.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Compression, as small as it gets: made once, sent many times. Each writes at most `capacity` bytes and returns how
// many, or 0 when the result does not fit or memory is short.

size_t cf_gzip(const uint8_t *bytes, size_t count, uint8_t *out, size_t capacity);
size_t cf_brotli(const uint8_t *bytes, size_t count, uint8_t *out, size_t capacity);

// The way back. 0 also for bytes that are not what they claim to be.
size_t cf_gunzip(const uint8_t *bytes, size_t count, uint8_t *out, size_t capacity);
size_t cf_unbrotli(const uint8_t *bytes, size_t count, uint8_t *out, size_t capacity);

// QR codes, with error correction M (15 % of the symbol may be lost).

typedef struct cf_qr cf_qr;
cf_qr *cf_qr_make(const uint8_t *bytes, size_t count);  // NULL: more than a symbol holds (2,331 bytes)
int cf_qr_width(const cf_qr *qr);                       // modules of a side, without the quiet zone
bool cf_qr_is_dark(const cf_qr *qr, int column, int row);
void cf_qr_free(cf_qr *qr);

// Media types by content. For one thread at a time.

typedef struct cf_magic cf_magic;
cf_magic *cf_magic_open(void);  // NULL: the database of types cannot be read
// Valid until the next call; NULL when libmagic fails.
const char *cf_magic_type(cf_magic *magic, const uint8_t *bytes, size_t count);
void cf_magic_close(cf_magic *magic);
