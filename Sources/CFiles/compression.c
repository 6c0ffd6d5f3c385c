#include "CFiles.h"

#include <brotli/decode.h>
#include <brotli/encode.h>
#include <zlib.h>

// 16 asks zlib for gzip's frame around the largest window.
enum { gzip_window = 15 + 16 };

size_t cf_gzip(const uint8_t *bytes, size_t count, uint8_t *out, size_t capacity) {
    z_stream stream = {0};
    if (count > UINT32_MAX || capacity > UINT32_MAX) return 0;
    if (deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, gzip_window, 9, Z_DEFAULT_STRATEGY) != Z_OK) return 0;
    stream.next_in = (Bytef *)bytes;
    stream.avail_in = (uInt)count;
    stream.next_out = out;
    stream.avail_out = (uInt)capacity;
    bool done = deflate(&stream, Z_FINISH) == Z_STREAM_END;
    size_t written = stream.total_out;
    deflateEnd(&stream);
    return done ? written : 0;
}

size_t cf_gunzip(const uint8_t *bytes, size_t count, uint8_t *out, size_t capacity) {
    z_stream stream = {0};
    if (count > UINT32_MAX || capacity > UINT32_MAX) return 0;
    if (inflateInit2(&stream, gzip_window) != Z_OK) return 0;
    stream.next_in = (Bytef *)bytes;
    stream.avail_in = (uInt)count;
    stream.next_out = out;
    stream.avail_out = (uInt)capacity;
    bool done = inflate(&stream, Z_FINISH) == Z_STREAM_END;
    size_t written = stream.total_out;
    inflateEnd(&stream);
    return done ? written : 0;
}

// Each of our files fits into this window. Quality 11 would save 8 % of bytes that a browser asks for once, and make
// every start of the program 60 ms longer.
enum { brotli_window = 16, brotli_quality = 9 };

size_t cf_brotli(const uint8_t *bytes, size_t count, uint8_t *out, size_t capacity) {
    size_t written = capacity;
    BROTLI_BOOL done =
        BrotliEncoderCompress(brotli_quality, brotli_window, BROTLI_MODE_TEXT, count, bytes, &written, out);
    return done ? written : 0;
}

size_t cf_unbrotli(const uint8_t *bytes, size_t count, uint8_t *out, size_t capacity) {
    size_t written = capacity;
    return BrotliDecoderDecompress(count, bytes, &written, out) == BROTLI_DECODER_RESULT_SUCCESS ? written : 0;
}
