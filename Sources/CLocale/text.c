#include "text.h"

#include <stdlib.h>
#include <string.h>
#include <unicode/ustring.h>

UChar *utf16(const char *text, int32_t length, int32_t *units) {
    if (length < 0) length = (int32_t)strlen(text);
    UChar *buffer = malloc(sizeof(UChar) * ((size_t)length + 1));  // UTF-16 never has more units than UTF-8 bytes
    if (buffer == NULL) return NULL;
    UErrorCode status = U_ZERO_ERROR;
    u_strFromUTF8(buffer, length + 1, units, text, length, &status);
    if (U_SUCCESS(status)) return buffer;
    free(buffer);
    return NULL;
}

int32_t utf8(const UChar *text, int32_t units, char *out, int32_t capacity) {
    UErrorCode status = U_ZERO_ERROR;
    int32_t needed = 0;
    u_strToUTF8(out, capacity, &needed, text, units, &status);
    return U_SUCCESS(status) || status == U_BUFFER_OVERFLOW_ERROR ? needed : -1;
}
