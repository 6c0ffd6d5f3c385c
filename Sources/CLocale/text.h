// Between our UTF-8 and ICU's UTF-16. Not part of the door.
#pragma once
#include <stdint.h>
#include <unicode/utypes.h>

// The text in UTF-16, to be freed; NULL when it is not valid UTF-8. `length` -1: up to NUL.
UChar *utf16(const char *text, int32_t length, int32_t *units);

// Writes UTF-16 as UTF-8 by the rule of every text function of the door.
int32_t utf8(const UChar *text, int32_t units, char *out, int32_t capacity);

// Runs an ICU call that fills `buffer` of `room` units and says how many it needed; again with more room when short.
#define WRITE_TEXT(call)                                                       \
    do {                                                                       \
        UChar small[256], *buffer = small;                                     \
        int32_t room = 256, units, result = -1;                                \
        UErrorCode status = U_ZERO_ERROR;                                      \
        units = call;                                                          \
        if (status == U_BUFFER_OVERFLOW_ERROR) {                               \
            room = units + 1;                                                  \
            buffer = malloc(sizeof(UChar) * (size_t)room);                     \
            status = buffer ? U_ZERO_ERROR : U_MEMORY_ALLOCATION_ERROR;        \
            if (buffer) units = call;                                          \
        }                                                                      \
        if (U_SUCCESS(status)) result = utf8(buffer, units, out, capacity);    \
        if (buffer != small) free(buffer);                                     \
        return result;                                                         \
    } while (0)
