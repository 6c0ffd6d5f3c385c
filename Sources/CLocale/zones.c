#include "CLocale.h"
#include "text.h"

#include <stdlib.h>
#include <unicode/ucal.h>

bool cl_zone_exists(const char *zone) {
    UErrorCode status = U_ZERO_ERROR;
    int32_t units = 0;
    UChar canonical[128];
    UBool is_system = false;
    UChar *wide = utf16(zone, -1, &units);
    if (wide == NULL) return false;
    ucal_getCanonicalTimeZoneID(wide, units, canonical, 128, &is_system, &status);
    free(wide);
    return U_SUCCESS(status) && is_system;
}

static UCalendar *calendar(const char *zone, int64_t milliseconds, UErrorCode *status) {
    int32_t units = 0;
    UChar *wide = utf16(zone, -1, &units);
    if (wide == NULL) return NULL;
    UCalendar *calendar = ucal_open(wide, units, "en", UCAL_GREGORIAN, status);
    free(wide);
    ucal_setMillis(calendar, (UDate)milliseconds, status);
    return calendar;
}

bool cl_zone_offset(const char *zone, int64_t milliseconds, int64_t *offset) {
    UErrorCode status = U_ZERO_ERROR;
    UCalendar *at = calendar(zone, milliseconds, &status);
    if (at == NULL) return false;
    *offset = ucal_get(at, UCAL_ZONE_OFFSET, &status);
    *offset += ucal_get(at, UCAL_DST_OFFSET, &status);
    ucal_close(at);
    return U_SUCCESS(status);
}

bool cl_zone_offset_of_local(const char *zone, int64_t local_milliseconds, int64_t *offset) {
    UErrorCode status = U_ZERO_ERROR;
    int32_t raw = 0, saving = 0;
    UCalendar *at = calendar(zone, local_milliseconds, &status);
    if (at == NULL) return false;
    ucal_getTimeZoneOffsetFromLocal(at, UCAL_TZ_LOCAL_FORMER, UCAL_TZ_LOCAL_FORMER, &raw, &saving, &status);
    ucal_close(at);
    *offset = (int64_t)raw + saving;
    return U_SUCCESS(status);
}
