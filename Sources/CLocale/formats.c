#include "CLocale.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>
#include <unicode/udat.h>
#include <unicode/uenum.h>
#include <unicode/uloc.h>
#include <unicode/ulistformatter.h>
#include <unicode/unumberformatter.h>
#include <unicode/upluralrules.h>
#include <unicode/ureldatefmt.h>

// Our handles are ICU's own under another name.
#define OPENED(type, handle) (U_SUCCESS(status) ? (type *)(handle) : NULL)

int32_t cl_locale_tag(const char *name, char *out, int32_t capacity) {
    char canonical[ULOC_FULLNAME_CAPACITY];
    UErrorCode status = U_ZERO_ERROR;
    uloc_canonicalize(name, canonical, sizeof canonical, &status);
    if (U_FAILURE(status) || status == U_STRING_NOT_TERMINATED_WARNING) return -1;
    int32_t length = uloc_toLanguageTag(canonical, out, capacity, false, &status);
    return U_SUCCESS(status) || status == U_BUFFER_OVERFLOW_ERROR ? length : -1;
}

bool cl_locale_is_right_to_left(const char *tag) { return uloc_isRightToLeft(tag); }

cl_plurals *cl_plurals_open(const char *tag) {
    UErrorCode status = U_ZERO_ERROR;
    UPluralRules *rules = uplrules_open(tag, &status);
    return OPENED(cl_plurals, rules);
}

void cl_plurals_close(cl_plurals *plurals) { uplrules_close((UPluralRules *)plurals); }

int32_t cl_plurals_category(const cl_plurals *plurals, double number, char *out, int32_t capacity) {
    WRITE_TEXT(uplrules_select((const UPluralRules *)plurals, number, buffer, room, &status));
}

bool cl_plurals_has(const cl_plurals *plurals, const char *category) {
    UErrorCode status = U_ZERO_ERROR;
    UEnumeration *names = uplrules_getKeywords((const UPluralRules *)plurals, &status);
    bool has = false;
    const char *name;
    while (!has && U_SUCCESS(status) && (name = uenum_next(names, NULL, &status)) != NULL) {
        has = strcmp(name, category) == 0;
    }
    uenum_close(names);
    return has;
}

cl_numbers *cl_numbers_open(const char *tag, const char *skeleton) {
    UErrorCode status = U_ZERO_ERROR;
    int32_t units = 0;
    UChar *wide = utf16(skeleton, -1, &units);
    if (wide == NULL) return NULL;
    UNumberFormatter *formatter = unumf_openForSkeletonAndLocale(wide, units, tag, &status);
    free(wide);
    return OPENED(cl_numbers, formatter);
}

void cl_numbers_close(cl_numbers *numbers) { unumf_close((UNumberFormatter *)numbers); }

int32_t cl_numbers_format(const cl_numbers *numbers, const char *decimal, char *out, int32_t capacity) {
    UErrorCode opening = U_ZERO_ERROR;
    UFormattedNumber *formatted = unumf_openResult(&opening);
    unumf_formatDecimal((const UNumberFormatter *)numbers, decimal, -1, formatted, &opening);
    int32_t length = -1, units = 0;
    if (U_SUCCESS(opening)) {
        const UChar *text = ufmtval_getString(unumf_resultAsValue(formatted, &opening), &units, &opening);
        if (U_SUCCESS(opening)) length = utf8(text, units, out, capacity);
    }
    unumf_closeResult(formatted);
    return length;
}

cl_dates *cl_dates_open(const char *tag, const char *zone, cl_date_style date, bool with_time) {
    static const UDateFormatStyle styles[] = {UDAT_NONE, UDAT_MEDIUM, UDAT_LONG};
    UErrorCode status = U_ZERO_ERROR;
    int32_t units = 0;
    UChar *wide = utf16(zone, -1, &units);
    if (wide == NULL) return NULL;
    UDateFormat *format =
        udat_open(with_time ? UDAT_SHORT : UDAT_NONE, styles[date], tag, wide, units, NULL, 0, &status);
    free(wide);
    return OPENED(cl_dates, format);
}

void cl_dates_close(cl_dates *dates) { udat_close((UDateFormat *)dates); }

int32_t cl_dates_format(cl_dates *dates, int64_t milliseconds, char *out, int32_t capacity) {
    WRITE_TEXT(udat_format((UDateFormat *)dates, (UDate)milliseconds, buffer, room, NULL, &status));
}

cl_relative *cl_relative_open(const char *tag) {
    UErrorCode status = U_ZERO_ERROR;
    URelativeDateTimeFormatter *format =
        ureldatefmt_open(tag, NULL, UDAT_STYLE_LONG, UDISPCTX_CAPITALIZATION_NONE, &status);
    return OPENED(cl_relative, format);
}

void cl_relative_close(cl_relative *relative) { ureldatefmt_close((URelativeDateTimeFormatter *)relative); }

int32_t cl_relative_format(cl_relative *relative, int64_t offset, cl_unit unit, char *out, int32_t capacity) {
    static const URelativeDateTimeUnit units_of_time[] = {UDAT_REL_UNIT_SECOND, UDAT_REL_UNIT_MINUTE,
        UDAT_REL_UNIT_HOUR, UDAT_REL_UNIT_DAY, UDAT_REL_UNIT_MONTH, UDAT_REL_UNIT_YEAR};
    WRITE_TEXT(ureldatefmt_formatNumeric(
        (URelativeDateTimeFormatter *)relative, (double)offset, units_of_time[unit], buffer, room, &status));
}

int32_t cl_relative_now(cl_relative *relative, char *out, int32_t capacity) {
    WRITE_TEXT(ureldatefmt_format(
        (URelativeDateTimeFormatter *)relative, 0, UDAT_REL_UNIT_SECOND, buffer, room, &status));
}

cl_lists *cl_lists_open(const char *tag) {
    UErrorCode status = U_ZERO_ERROR;
    UListFormatter *format = ulistfmt_openForType(tag, ULISTFMT_TYPE_AND, ULISTFMT_WIDTH_WIDE, &status);
    return OPENED(cl_lists, format);
}

void cl_lists_close(cl_lists *lists) { ulistfmt_close((UListFormatter *)lists); }

static int32_t list_text(
    const cl_lists *lists, const UChar *const *items, const int32_t *lengths, int32_t count, char *out,
    int32_t capacity) {
    WRITE_TEXT(ulistfmt_format((const UListFormatter *)lists, items, lengths, count, buffer, room, &status));
}

int32_t cl_lists_format(const cl_lists *lists, const char *const *items, int32_t count, char *out, int32_t capacity) {
    UChar **wide = calloc((size_t)count + 1, sizeof *wide);
    int32_t *lengths = calloc((size_t)count + 1, sizeof *lengths);
    bool valid = wide != NULL && lengths != NULL;
    for (int32_t i = 0; valid && i < count; i++) {
        wide[i] = utf16(items[i], -1, &lengths[i]);
        valid = wide[i] != NULL;
    }
    int32_t result = valid ? list_text(lists, (const UChar *const *)wide, lengths, count, out, capacity) : -1;
    for (int32_t i = 0; wide != NULL && i < count; i++) free(wide[i]);
    free(wide);
    free(lengths);
    return result;
}
