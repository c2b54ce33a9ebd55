// SPDX-License-Identifier: Apache-2.0
// JSON numbers as decimal digits and an exponent, so that integers and milliseconds stay exact.
#include "wire/json_reader.h"

#include <math.h>

enum { EXPONENT_MAX = 1000000 };

static bool is_digit(const struct json_reader *reader)
{
    return reader->at < reader->end && *reader->at >= '0' && *reader->at <= '9';
}

// Digits that no longer fit are dropped; before the point each still counts a factor of ten.
static void add_digit(struct json_number *number, uint64_t digit, bool fraction)
{
    if (number->cut || number->digits > (UINT64_MAX - digit) / 10) {
        number->cut = true;
        number->exponent += fraction ? 0 : 1;
    } else {
        number->digits = number->digits * 10 + digit;
        number->exponent -= fraction ? 1 : 0;
    }
}

static bool take_digits(struct json_reader *reader, struct json_number *number, bool fraction)
{
    if (!is_digit(reader))
        return json_fail_value(reader, "must be a number");
    for (; is_digit(reader); reader->at++)
        add_digit(number, (uint64_t)(*reader->at - '0'), fraction);
    return true;
}

static bool take_exponent(struct json_reader *reader, struct json_number *number)
{
    bool negative = reader->at < reader->end && *reader->at == '-';
    if (reader->at < reader->end && (*reader->at == '-' || *reader->at == '+'))
        reader->at++;
    if (!is_digit(reader))
        return json_fail_value(reader, "must be a number");
    int64_t exponent = 0;
    for (; is_digit(reader); reader->at++)
        if (exponent < EXPONENT_MAX)
            exponent = exponent * 10 + (*reader->at - '0');
    number->exponent += negative ? -exponent : exponent;
    return true;
}

bool json_read_number(struct json_reader *reader, struct json_number *ret)
{
    if (reader->failed)
        return false;
    struct json_number number = {.negative = json_peek(reader) == '-'};
    if (number.negative)
        reader->at++;
    bool zero = reader->at < reader->end && *reader->at == '0';
    const char *first = reader->at;
    if (!take_digits(reader, &number, false))
        return false;
    if (zero && reader->at - first > 1)
        return json_fail_value(reader, "must be a number without leading zeros");
    if (reader->at < reader->end && *reader->at == '.') {
        reader->at++;
        if (!take_digits(reader, &number, true))
            return false;
    }
    if (reader->at < reader->end && (*reader->at == 'e' || *reader->at == 'E')) {
        reader->at++;
        if (!take_exponent(reader, &number))
            return false;
    }
    *ret = number;
    return true;
}

bool json_number_u64(struct json_number number, uint64_t *ret)
{
    uint64_t value = number.digits;
    if (value == 0 && !number.cut) {
        *ret = 0;
        return true;
    }
    if (number.negative || number.cut)
        return false;
    for (int64_t e = number.exponent; e < 0; e++, value /= 10)
        if (value % 10 != 0)
            return false;
    for (int64_t e = number.exponent; e > 0; e--)
        if (__builtin_mul_overflow(value, 10U, &value))
            return false;
    *ret = value;
    return true;
}

bool json_number_i64(struct json_number number, int64_t *ret)
{
    bool negative = number.negative;
    uint64_t magnitude;
    number.negative = false;
    if (!json_number_u64(number, &magnitude) || magnitude > (uint64_t)INT64_MAX + negative)
        return false;
    *ret = negative ? (int64_t)(0 - magnitude) : (int64_t)magnitude;
    return true;
}

bool json_number_thousandths(struct json_number number, int64_t *ret)
{
    uint64_t value = number.digits, rest = 0;
    int64_t exponent = number.exponent + 3;
    for (; exponent > 0 && value != 0; exponent--)
        if (__builtin_mul_overflow(value, 10U, &value))
            return false;
    for (; exponent < 0 && (value != 0 || rest != 0); exponent++) {
        rest = value % 10;
        value /= 10;
    }
    value += rest >= 5 ? 1 : 0;
    if (value > INT64_MAX)
        return false;
    *ret = number.negative ? -(int64_t)value : (int64_t)value;
    return true;
}

double json_number_double(struct json_number number)
{
    // Exact for up to 15 digits and small exponents, which is all that we ever write.
    double value = (double)number.digits;
    if (number.digits == 0)
        return 0;
    if (number.exponent < 0)
        value /= pow(10.0, (double)-number.exponent);
    else if (number.exponent > 0)
        value *= pow(10.0, (double)number.exponent);
    return number.negative ? -value : value;
}
