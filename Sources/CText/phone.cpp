// Phone numbers by Google's libphonenumber. Its singleton may be asked by many threads.

#include "CText.h"

#include <phonenumbers/phonenumberutil.h>

#include <cstring>
#include <string>

using i18n::phonenumbers::PhoneNumber;
using i18n::phonenumbers::PhoneNumberUtil;

namespace {

int problem(PhoneNumberUtil::ErrorType error) {
    switch (error) {
    case PhoneNumberUtil::NO_PARSING_ERROR: return CTEXT_PHONE_VALID;
    case PhoneNumberUtil::INVALID_COUNTRY_CODE_ERROR: return CTEXT_PHONE_UNKNOWN_COUNTRY;
    case PhoneNumberUtil::TOO_SHORT_AFTER_IDD:
    case PhoneNumberUtil::TOO_SHORT_NSN: return CTEXT_PHONE_TOO_SHORT;
    case PhoneNumberUtil::TOO_LONG_NSN: return CTEXT_PHONE_TOO_LONG;
    default: return CTEXT_PHONE_NOT_A_NUMBER;
    }
}

/// Why a number that could be parsed is not valid.
int problem(PhoneNumberUtil::ValidationResult result) {
    switch (result) {
    case PhoneNumberUtil::INVALID_COUNTRY_CODE: return CTEXT_PHONE_UNKNOWN_COUNTRY;
    case PhoneNumberUtil::TOO_SHORT:
    case PhoneNumberUtil::IS_POSSIBLE_LOCAL_ONLY: return CTEXT_PHONE_TOO_SHORT;
    case PhoneNumberUtil::TOO_LONG: return CTEXT_PHONE_TOO_LONG;
    default: return CTEXT_PHONE_INVALID_FOR_COUNTRY;
    }
}

void copy(const std::string &from, char *to, size_t room) {
    if (from.size() < room) std::memcpy(to, from.c_str(), from.size() + 1);
}

int read(const std::string &text, const char *country, ctext_phone &phone) {
    const auto &numbers = *PhoneNumberUtil::GetInstance();
    PhoneNumber number;
    if (int found = problem(numbers.Parse(text, country, &number))) return found;
    if (!numbers.IsValidNumber(number)) return problem(numbers.IsPossibleNumberWithReason(number));
    switch (numbers.GetNumberType(number)) {
    case PhoneNumberUtil::PREMIUM_RATE:
    case PhoneNumberUtil::SHARED_COST: return CTEXT_PHONE_PREMIUM;
    case PhoneNumberUtil::TOLL_FREE:
    case PhoneNumberUtil::PAGER:
    case PhoneNumberUtil::VOICEMAIL: return CTEXT_PHONE_SERVICE;
    case PhoneNumberUtil::MOBILE: phone.line = CTEXT_LINE_MOBILE; break;
    case PhoneNumberUtil::FIXED_LINE: phone.line = CTEXT_LINE_FIXED; break;
    default: phone.line = CTEXT_LINE_UNKNOWN; break;
    }
    std::string formatted;
    numbers.Format(number, PhoneNumberUtil::E164, &formatted);
    copy(formatted, phone.e164, sizeof phone.e164);
    std::string region;
    numbers.GetRegionCodeForNumber(number, &region);
    if (region.size() == 2 && region != "ZZ") copy(region, phone.region, sizeof phone.region);
    return CTEXT_PHONE_VALID;
}

}  // namespace

int ctext_phone_read(const char *text, size_t length, const char *country, ctext_phone *phone) {
    try {
        *phone = {};
        return read(std::string(text, length), country, *phone);
    } catch (...) {
        return CTEXT_PHONE_NOT_A_NUMBER;
    }
}
