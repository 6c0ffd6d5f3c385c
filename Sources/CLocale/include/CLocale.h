// The door to ICU (plurals, numbers, dates, lists, folding) and to libgettextpo (PO files).
//
// ICU's functions are macros that carry its version in their name, which Swift does not see; here they stand under
// names of our own. All text is UTF-8. A function that writes text returns the number of bytes the whole text has,
// writes as many as `capacity` holds (without a final NUL) and returns -1 when ICU refuses.
#pragma once
#include <stdbool.h>
#include <stdint.h>

// PO files. One file is read at a time in the whole process: libgettextpo keeps its reader's state in globals.

typedef struct cl_po cl_po;

typedef struct {
    char message[256];
    int64_t line;  // 0 when the problem has no line
} cl_po_problem;

// Valid until the file is closed. `plural` is NULL for a message with one form, `text` is then its form 0.
typedef struct {
    const char *key;
    const char *plural;
    const char *text;
    bool fuzzy;
} cl_po_message;

cl_po *cl_po_open(const char *path, cl_po_problem *problem);  // NULL: problem tells why
bool cl_po_next(cl_po *po, cl_po_message *message);           // obsolete messages are passed over
const char *cl_po_form(const cl_po *po, int index);           // of the last message; NULL past the last form
void cl_po_close(cl_po *po);

// Locales, given as BCP 47 tags or as POSIX and WordPress write them.

int32_t cl_locale_tag(const char *name, char *out, int32_t capacity);
bool cl_locale_is_right_to_left(const char *tag);

// Plural rules. Immutable, for any thread.

typedef struct cl_plurals cl_plurals;
cl_plurals *cl_plurals_open(const char *tag);
void cl_plurals_close(cl_plurals *plurals);
int32_t cl_plurals_category(const cl_plurals *plurals, double number, char *out, int32_t capacity);
bool cl_plurals_has(const cl_plurals *plurals, const char *category);

// Numbers by an ICU number skeleton. Immutable, for any thread. `decimal` is a plain or exponential decimal number.

typedef struct cl_numbers cl_numbers;
cl_numbers *cl_numbers_open(const char *tag, const char *skeleton);
void cl_numbers_close(cl_numbers *numbers);
int32_t cl_numbers_format(const cl_numbers *numbers, const char *decimal, char *out, int32_t capacity);

// Dates and times, milliseconds since 1970 UTC. For one thread at a time.

typedef struct cl_dates cl_dates;
typedef enum { cl_date_none, cl_date_medium, cl_date_long } cl_date_style;
cl_dates *cl_dates_open(const char *tag, const char *zone, cl_date_style date, bool with_time);
void cl_dates_close(cl_dates *dates);
int32_t cl_dates_format(cl_dates *dates, int64_t milliseconds, char *out, int32_t capacity);

// "5 minutes ago", "in 2 days". For one thread at a time.

typedef struct cl_relative cl_relative;
typedef enum { cl_second, cl_minute, cl_hour, cl_day, cl_month, cl_year } cl_unit;
cl_relative *cl_relative_open(const char *tag);
void cl_relative_close(cl_relative *relative);
int32_t cl_relative_format(cl_relative *relative, int64_t offset, cl_unit unit, char *out, int32_t capacity);
int32_t cl_relative_now(cl_relative *relative, char *out, int32_t capacity);

// Lists: "a, b and c". Immutable, for any thread.

typedef struct cl_lists cl_lists;
cl_lists *cl_lists_open(const char *tag);
void cl_lists_close(cl_lists *lists);
int32_t cl_lists_format(const cl_lists *lists, const char *const *items, int32_t count, char *out, int32_t capacity);

// Time zones of the IANA database.

bool cl_zone_exists(const char *zone);
// Milliseconds to add to UTC at that moment. False when ICU refuses.
bool cl_zone_offset(const char *zone, int64_t milliseconds, int64_t *offset);
// The same for a wall-clock time; a time that the zone skips counts as after the gap, one it has twice as the first.
bool cl_zone_offset_of_local(const char *zone, int64_t local_milliseconds, int64_t *offset);

// A key to find names by: compatibility forms, case and accents folded.
int32_t cl_fold(const char *text, int32_t length, char *out, int32_t capacity);
