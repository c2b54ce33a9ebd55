// SPDX-License-Identifier: Apache-2.0
// SQLite as the agent uses it: one connection, durable, small, and its results as our statuses.
//
// Ownership: the caller's handle, closed by sqlite3_close. Thread: one. Failure: database_open
// says CORRUPT for what is no SQLite database or fails its check, UNAVAILABLE when another process
// has it; a full disk is FULL.
#ifndef AGENT_SHELL_DATABASE_H
#define AGENT_SHELL_DATABASE_H

#include "base/status.h"

#include <sqlite3.h>
#include <stdint.h>

// A result code of SQLite; ROW and DONE are STATUS_OK.
enum status database_status(int result);

// Opens or creates `path` for this process alone and checks its content. `max_pages` (of 4 kB) is
// the hard limit of its size.
MUST_CHECK enum status database_open(const char *path, uint64_t max_pages, sqlite3 **ret_database);

MUST_CHECK enum status database_run(sqlite3 *database, const char *sql);
// The first column of the first row of `sql`.
MUST_CHECK enum status database_integer(sqlite3 *database, const char *sql, int64_t *ret);

#endif
