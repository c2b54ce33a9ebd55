// SPDX-License-Identifier: Apache-2.0
// Log lines of a program, to standard error: "2024-11-06T05:52:00.125Z warning mqtt: text". Under
// systemd (JOURNAL_STREAM set) with sd-daemon priority prefixes and without the time.
//
// Libraries never log; the shells do. Thread: any; a line is written with one write(). Failure:
// none that a caller could act on.
#ifndef RUNTIME_LOG_H
#define RUNTIME_LOG_H

enum log_level { LOG_LEVEL_DEBUG, LOG_LEVEL_INFO, LOG_LEVEL_WARNING, LOG_LEVEL_ERROR };

void log_set_level(enum log_level level);
// `part` is a word for the part of the program: "mqtt", "store".
void log_write(enum log_level level, const char *part, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#define log_debug(part, ...)   log_write(LOG_LEVEL_DEBUG, part, __VA_ARGS__)
#define log_info(part, ...)    log_write(LOG_LEVEL_INFO, part, __VA_ARGS__)
#define log_warning(part, ...) log_write(LOG_LEVEL_WARNING, part, __VA_ARGS__)
#define log_error(part, ...)   log_write(LOG_LEVEL_ERROR, part, __VA_ARGS__)

#endif
