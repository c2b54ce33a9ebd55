// SPDX-License-Identifier: Apache-2.0
// Opening the collector's SQLite file: settings of durability, schema, versions, refusals.
//
// Ownership: *ret_database is the caller's (sqlite3_close). Thread: one at a time. Failure: a
// status and a sentence on what to do; nothing stays open.
#ifndef COLLECTOR_SHELL_SQLITE_FILE_H
#define COLLECTOR_SHELL_SQLITE_FILE_H

#include "collector/shell/store.h"

#include <sqlite3.h>

enum { SQLITE_FILE_SCHEMA = 1 };

MUST_CHECK enum status sqlite_file_open(const char *path, sqlite3 **ret_database,
                                        char problem[STORE_PROBLEM_SIZE]);

// What a SQLite result means to us, in words with `doing` in front.
enum status sqlite_file_problem(sqlite3 *database, int code, const char *doing,
                                char problem[STORE_PROBLEM_SIZE]);

#endif
