// SPDX-License-Identifier: Apache-2.0
// The calendar as the configuration file has it: days, times and dates in words.
//
// Ownership: plain values. Thread: any. Failure: one sentence on what is wrong and how to write it.
#ifndef COLLECTOR_CONFIG_CALENDAR_SETTING_H
#define COLLECTOR_CONFIG_CALENDAR_SETTING_H

#include "collector/core/core_config.h"

enum { CALENDAR_WORD_SIZE = 48, CALENDAR_SHIFT_MIN_MINUTES = 30 };

struct calendar_setting { // a row of `calendar`
    char area[NAME_SIZE]; // "" or "*" = all
    char days[CALENDAR_WORD_SIZE];
    char from[CALENDAR_WORD_SIZE], to[CALENDAR_WORD_SIZE];
};

// What is wrong with a text; NULL when nothing is.
const char *calendar_days_problem(const char *days);       // "mon-fri", "sat", "mon,wed-thu"
const char *calendar_time_problem(const char *time);       // "06:00", "24:00"
const char *calendar_holiday_problem(const char *holiday); // "2026-12-25", "2026-12-24..2027-01-01"

// From texts without problems. A whole row may still have one: it is short, or lasts no time.
const char *calendar_shift_problem(const struct calendar_setting *row);
void calendar_shift_fill(const struct calendar_setting *row, struct engine_shift *ret_shift);
void calendar_holiday_fill(const char *holiday, struct engine_holiday *ret_holiday);

#endif
