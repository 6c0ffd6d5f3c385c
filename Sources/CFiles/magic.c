#include "CFiles.h"

#include <magic.h>

cf_magic *cf_magic_open(void) {
    magic_t cookie = magic_open(MAGIC_MIME_TYPE);
    if (cookie == NULL) return NULL;
    if (magic_load(cookie, NULL) == 0) return (cf_magic *)cookie;
    magic_close(cookie);
    return NULL;
}

const char *cf_magic_type(cf_magic *magic, const uint8_t *bytes, size_t count) {
    return magic_buffer((magic_t)magic, bytes, count);
}

void cf_magic_close(cf_magic *magic) { magic_close((magic_t)magic); }
