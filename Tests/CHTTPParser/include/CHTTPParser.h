#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// How http_parser 2.9.4 reads one request: the other reader that ours is held against.

typedef struct {
    uint8_t *bytes;
    size_t count;
} chttpparser_text;

typedef struct {
    // The message was read to its end.
    bool complete;
    // http_parser refuses methods that are not on its own list; that is no difference in reading.
    bool unknown_method;
    // Why reading stopped, or "".
    const char *error;
    const char *method;
    chttpparser_text target;
    // name LF value LF …: neither can hold a LF.
    chttpparser_text fields;
    chttpparser_text body;
    // Bytes used up to the message's end.
    size_t used;
} chttpparser_request;

// Fills a request that is all zeros; `chttpparser_free` lets its texts go.
void chttpparser_read(const uint8_t *bytes, size_t count, chttpparser_request *request);
void chttpparser_free(chttpparser_request *request);
