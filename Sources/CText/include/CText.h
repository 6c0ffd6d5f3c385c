// Outside formats, behind functions of our own names. No C++ exception leaves this door.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// What a node of a JSON tape is. Swift's `JSON.Kind` has the same numbers.
enum {
    CTEXT_JSON_NULL = 0,
    CTEXT_JSON_FALSE = 1,
    CTEXT_JSON_TRUE = 2,
    CTEXT_JSON_NUMBER = 3,
    CTEXT_JSON_STRING = 4,
    CTEXT_JSON_ARRAY = 5,
    CTEXT_JSON_OBJECT = 6,
};

/// One value, in document order. The children of an array or object follow it; in an object each value is
/// preceded by a string node with its key.
typedef struct {
    uint32_t kind;
    /// The node after this one and all that is in it.
    uint32_t next;
    /// String (unescaped) and number (its digits as they stood): where its bytes lie in the text. Else 0.
    uint32_t start;
    /// String and number: its bytes. Array: its elements. Object: its pairs. Else 0.
    uint32_t length;
} ctext_json_node;

typedef struct {
    size_t node_count;
    size_t text_length;
    bool too_deep;
    /// NULL when the text was read; else one static English phrase that says what is wrong.
    const char *problem;
    /// The offset of the byte where reading ended; SIZE_MAX where that is not known.
    size_t place;
} ctext_json_result;

/// Reads a whole JSON text into this thread's tape. After success `ctext_json_take` must follow on the same thread.
ctext_json_result ctext_json_parse(const uint8_t *bytes, size_t length, uint32_t max_depth);

/// Copies the tape of the last successful parse out, into room for the counts that it told.
void ctext_json_take(ctext_json_node *nodes, uint8_t *text);

/// How a phone number was read. Swift's `PhoneProblem.init(code:)` knows the same numbers.
enum {
    CTEXT_PHONE_VALID = 0,
    CTEXT_PHONE_NOT_A_NUMBER = 1,
    CTEXT_PHONE_TOO_SHORT = 2,
    CTEXT_PHONE_TOO_LONG = 3,
    CTEXT_PHONE_UNKNOWN_COUNTRY = 4,
    CTEXT_PHONE_INVALID_FOR_COUNTRY = 5,
    CTEXT_PHONE_PREMIUM = 6,
    CTEXT_PHONE_SERVICE = 7,
};

/// What kind of line a number belongs to, as far as its digits tell.
enum {
    CTEXT_LINE_UNKNOWN = 0,
    CTEXT_LINE_MOBILE = 1,
    CTEXT_LINE_FIXED = 2,
};

/// Both texts end with NUL.
typedef struct {
    int line;
    char e164[24];
    /// Two capital letters, or empty for numbers of no country (satellite, international).
    char region[4];
} ctext_phone;

/// Reads `text` as dialled in `country` (ISO 3166 alpha-2; `ZZ`: only international numbers). `phone` is filled
/// when the answer is CTEXT_PHONE_VALID.
int ctext_phone_read(const char *text, size_t length, const char *country, ctext_phone *phone);

#ifdef __cplusplus
}
#endif
