#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// What libxml2's HTML parser finds in a page: the other reader that ours is held against.

typedef struct {
    // Each element with the names of its attributes, each comment and instruction, in their order; also the values of
    // what is code: handlers, styles, scripts, and the kind of a URL. Ends with a NUL; the caller frees it.
    char *outline;
    // The markup is such that parsers may read it differently.
    bool is_doubtful;
} cmarkup_page;

// False when there is no memory, or nothing in the page.
bool cmarkup_read(const uint8_t *bytes, size_t count, cmarkup_page *page);
void cmarkup_free(cmarkup_page *page);
