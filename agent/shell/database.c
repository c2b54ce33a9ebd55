// SPDX-License-Identifier: Apache-2.0
// Opening SQLite with settings that keep a promise over a power cut and stay small.
#include "agent/shell/database.h"

#include "base/text.h"

#include <inttypes.h>
#include <stdio.h>

// EXCLUSIVE: one agent owns the file, a second one is told so, and WAL needs no shared memory file.
// WAL + FULL: a commit is on disk when it returns, by one fsync. The checkpoint at 256 pages keeps
// the WAL at about 1 MB. The cache is 256 kB: the tables are small and read in order.
static const char settings[] = "PRAGMA locking_mode = EXCLUSIVE;"
                               "PRAGMA journal_mode = WAL;"
                               "PRAGMA synchronous = FULL;"
                               "PRAGMA wal_autocheckpoint = 256;"
                               "PRAGMA journal_size_limit = 1048576;"
                               "PRAGMA cache_size = -256;"
                               "PRAGMA temp_store = MEMORY;"
                               "PRAGMA mmap_size = 0;"
                               "PRAGMA trusted_schema = OFF;";

enum status database_status(int result)
{
    switch (result & 0xff) {
    case SQLITE_OK:
    case SQLITE_ROW:
    case SQLITE_DONE:
        return STATUS_OK;
    case SQLITE_FULL:
        return STATUS_FULL;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return STATUS_CORRUPT;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return STATUS_UNAVAILABLE;
    case SQLITE_PERM:
    case SQLITE_READONLY:
    case SQLITE_AUTH:
        return STATUS_DENIED;
    case SQLITE_NOMEM:
        return STATUS_NO_MEMORY;
    default:
        return STATUS_IO;
    }
}

enum status database_run(sqlite3 *database, const char *sql)
{
    return database_status(sqlite3_exec(database, sql, NULL, NULL, NULL));
}

enum status database_integer(sqlite3 *database, const char *sql, int64_t *ret)
{
    sqlite3_stmt *statement = NULL;
    int result = sqlite3_prepare_v2(database, sql, -1, &statement, NULL);
    if (result == SQLITE_OK)
        result = sqlite3_step(statement);
    enum status status = database_status(result);
    if (result == SQLITE_ROW)
        *ret = sqlite3_column_int64(statement, 0);
    else if (result == SQLITE_DONE)
        status = STATUS_NOT_FOUND;
    sqlite3_finalize(statement);
    return status;
}

// STATUS_CORRUPT unless SQLite finds the whole file sound.
static enum status check(sqlite3 *database)
{
    sqlite3_stmt *statement = NULL;
    int result = sqlite3_prepare_v2(database, "PRAGMA quick_check(1)", -1, &statement, NULL);
    if (result == SQLITE_OK)
        result = sqlite3_step(statement);
    enum status status = database_status(result);
    if (result == SQLITE_ROW) {
        const char *verdict = (const char *)sqlite3_column_text(statement, 0);
        if (verdict == NULL || !text_equal(verdict, "ok"))
            status = STATUS_CORRUPT;
    }
    sqlite3_finalize(statement);
    return status;
}

enum status database_open(const char *path, uint64_t max_pages, sqlite3 **ret_database)
{
    const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    char limit[64];
    snprintf(limit, sizeof limit, "PRAGMA max_page_count = %" PRIu64, max_pages);
    sqlite3 *database = NULL;
    enum status status = database_status(sqlite3_open_v2(path, &database, flags, NULL));
    if (status == STATUS_OK)
        status = database_run(database, settings);
    if (status == STATUS_OK)
        status = database_run(database, limit);
    if (status == STATUS_OK)
        status = check(database);
    if (status != STATUS_OK) {
        sqlite3_close(database);
        return status;
    }
    *ret_database = database;
    return STATUS_OK;
}
