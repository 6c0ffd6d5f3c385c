#include "CLocale.h"
#include "text.h"

#include <stdlib.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/utf16.h>

// Latin letters that Unicode does not decompose, though people leave their stroke or ligature out when they type.
static const struct {
    UChar letter;
    const char *plain;
} strokes[] = {{0xE6, "ae"}, {0xF0, "d"}, {0xF8, "o"}, {0xFE, "th"}, {0x111, "d"}, {0x127, "h"}, {0x131, "i"},
    {0x142, "l"}, {0x153, "oe"}, {0x167, "t"}};

// Accents of Latin, Greek and Cyrillic stand above, below or across (200 and up), vowel points of Hebrew and Arabic
// in 10...35. Vowel signs, viramas and voicing marks of other scripts carry the word itself and stay.
static bool is_accent(UChar32 point) {
    uint8_t combining = u_getCombiningClass(point);
    return combining >= 200 || (combining >= 10 && combining <= 35);
}

static UChar *normalized(const UNormalizer2 *form, const UChar *text, int32_t units, int32_t *result) {
    UErrorCode status = U_ZERO_ERROR;
    *result = unorm2_normalize(form, text, units, NULL, 0, &status);
    if (status != U_BUFFER_OVERFLOW_ERROR && U_FAILURE(status)) return NULL;
    UChar *buffer = malloc(sizeof(UChar) * ((size_t)*result + 1));
    status = U_ZERO_ERROR;
    if (buffer != NULL) *result = unorm2_normalize(form, text, units, buffer, *result + 1, &status);
    if (U_SUCCESS(status)) return buffer;
    free(buffer);
    return NULL;
}

// Drops accents and strokes, in a buffer twice as long as the text.
static int32_t stripped(const UChar *text, int32_t units, UChar *out) {
    int32_t length = 0;
    for (int32_t i = 0; i < units;) {
        UChar32 point;
        U16_NEXT(text, i, units, point);
        if (is_accent(point)) continue;
        const char *plain = NULL;
        for (size_t k = 0; k < sizeof strokes / sizeof *strokes; k++) {
            if (strokes[k].letter == point) plain = strokes[k].plain;
        }
        if (plain == NULL) {
            U16_APPEND_UNSAFE(out, length, point);
        } else {
            for (; *plain; plain++) out[length++] = (UChar)*plain;
        }
    }
    return length;
}

int32_t cl_fold(const char *text, int32_t length, char *out, int32_t capacity) {
    UErrorCode status = U_ZERO_ERROR;
    const UNormalizer2 *fold = unorm2_getNFKCCasefoldInstance(&status);
    const UNormalizer2 *decompose = unorm2_getNFDInstance(&status);
    const UNormalizer2 *compose = unorm2_getNFCInstance(&status);
    if (U_FAILURE(status)) return -1;

    int32_t units = 0, result = -1;
    UChar *given = utf16(text, length, &units);
    UChar *folded = given ? normalized(fold, given, units, &units) : NULL;
    UChar *taken_apart = folded ? normalized(decompose, folded, units, &units) : NULL;
    UChar *plain = taken_apart ? malloc(sizeof(UChar) * (2 * (size_t)units + 1)) : NULL;
    if (plain != NULL) {
        units = stripped(taken_apart, units, plain);
        UChar *composed = normalized(compose, plain, units, &units);
        if (composed != NULL) result = utf8(composed, units, out, capacity);
        free(composed);
    }
    free(plain);
    free(taken_apart);
    free(folded);
    free(given);
    return result;
}
