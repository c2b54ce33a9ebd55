// SPDX-License-Identifier: Apache-2.0
// A file that is damaged, foreign or newer is refused: what was recorded must not vanish silently.
#include "collector/shell/sqlite_file.h"

#include <stdio.h>

enum { APPLICATION_ID = 0x53745761 }; // "StWa"

static const char schema[] =
    "CREATE TABLE events(node TEXT NOT NULL, outbox_id TEXT NOT NULL, seq INTEGER NOT NULL,"
    " kind TEXT NOT NULL, received_at INTEGER NOT NULL, at INTEGER NOT NULL, payload BLOB NOT NULL,"
    " PRIMARY KEY(node, outbox_id, seq));"
    "CREATE TABLE outbox_marks(node TEXT NOT NULL, outbox_id TEXT NOT NULL,"
    " high_water INTEGER NOT NULL, PRIMARY KEY(node, outbox_id)) WITHOUT ROWID;"
    "CREATE TABLE nodes(node TEXT PRIMARY KEY NOT NULL, role INTEGER NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE incidents(id TEXT PRIMARY KEY NOT NULL, closed INTEGER NOT NULL,"
    " since INTEGER NOT NULL, told_at INTEGER NOT NULL, json TEXT NOT NULL) WITHOUT ROWID;"
    "CREATE INDEX incidents_by_time ON incidents(closed, since);"
    "CREATE TABLE notes(at INTEGER NOT NULL, node TEXT NOT NULL, text TEXT NOT NULL);";

// Came later: a file without it is as good, and one with it is no trouble to who knows it not.
static const char addition[] = "CREATE TABLE IF NOT EXISTS memory(key TEXT PRIMARY KEY NOT NULL,"
                               " value TEXT NOT NULL) WITHOUT ROWID;";

enum status sqlite_file_problem(sqlite3 *database, int code, const char *doing,
                                char problem[STORE_PROBLEM_SIZE])
{
    const char *detail = database != NULL ? sqlite3_errmsg(database) : sqlite3_errstr(code);
    snprintf(problem, STORE_PROBLEM_SIZE, "%s: %s", doing, detail);
    switch (code & 0xff) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return STATUS_CORRUPT;
    case SQLITE_CONSTRAINT:
    case SQLITE_TOOBIG:
    case SQLITE_MISMATCH:
        return STATUS_INVALID;
    case SQLITE_NOMEM:
        return STATUS_NO_MEMORY;
    case SQLITE_PERM:
    case SQLITE_AUTH:
    case SQLITE_READONLY:
        return STATUS_DENIED;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return STATUS_UNAVAILABLE;
    default:
        return STATUS_IO;
    }
}

static enum status refuse(enum status status, const char *path, const char *what,
                          const char *advice, char problem[STORE_PROBLEM_SIZE])
{
    snprintf(problem, STORE_PROBLEM_SIZE, "%s %s; %s", path, what, advice);
    return status;
}

// The words for a file that did not open or could not be read.
static enum status explain(sqlite3 *database, int code, const char *path,
                           char problem[STORE_PROBLEM_SIZE])
{
    switch (code & 0xff) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return refuse(STATUS_CORRUPT, path, "is damaged or not a database of the collector",
                      "restore it from a backup, or set it aside by hand (rename it together with "
                      "its -wal file) to begin with an empty history",
                      problem);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return refuse(STATUS_UNAVAILABLE, path, "is in use by another process",
                      "end the other collector, or give this one its own store.path", problem);
    case SQLITE_CANTOPEN:
        return refuse(STATUS_UNAVAILABLE, path, "cannot be opened",
                      "make its folder writable for the collector, or set store.path", problem);
    case SQLITE_PERM:
    case SQLITE_READONLY:
        return refuse(STATUS_DENIED, path, "is not writable",
                      "give the collector's user write access to it and its folder", problem);
    default:
        return sqlite_file_problem(database, code, path, problem);
    }
}

static int read_number(sqlite3 *database, const char *pragma, int *ret_number)
{
    sqlite3_stmt *statement = NULL;
    int code = sqlite3_prepare_v2(database, pragma, -1, &statement, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_step(statement);
    if (code == SQLITE_ROW) {
        *ret_number = sqlite3_column_int(statement, 0);
        code = SQLITE_OK;
    }
    sqlite3_finalize(statement);
    return code;
}

static int make_schema(sqlite3 *database)
{
    char versions[100];
    snprintf(versions, sizeof versions, "PRAGMA application_id=%d; PRAGMA user_version=%d;",
             APPLICATION_ID, SQLITE_FILE_SCHEMA);
    int code = sqlite3_exec(database, "BEGIN IMMEDIATE", NULL, NULL, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_exec(database, schema, NULL, NULL, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_exec(database, versions, NULL, NULL, NULL);
    return code == SQLITE_OK ? sqlite3_exec(database, "COMMIT", NULL, NULL, NULL) : code;
}

static enum status check_schema(sqlite3 *database, const char *path,
                                char problem[STORE_PROBLEM_SIZE])
{
    int version = 0, application = 0, tables = 0;
    int code = read_number(database, "PRAGMA user_version", &version);
    if (code == SQLITE_OK)
        code = read_number(database, "PRAGMA application_id", &application);
    if (code == SQLITE_OK)
        code = read_number(database, "SELECT count(*) FROM sqlite_master", &tables);
    if (code == SQLITE_OK && version == 0 && application == 0 && tables == 0)
        code = make_schema(database);
    else if (code == SQLITE_OK && application != APPLICATION_ID)
        return refuse(STATUS_INVALID, path, "is a database of another program", "set store.path",
                      problem);
    else if (code == SQLITE_OK && version != SQLITE_FILE_SCHEMA)
        return refuse(STATUS_UNSUPPORTED, path, "was made by a newer version of the collector",
                      "run that version, or set the file aside by hand", problem);
    if (code == SQLITE_OK)
        code = sqlite3_exec(database, addition, NULL, NULL, NULL);
    return code == SQLITE_OK ? STATUS_OK : explain(database, code, path, problem);
}

enum status sqlite_file_open(const char *path, sqlite3 **ret_database,
                             char problem[STORE_PROBLEM_SIZE])
{
    sqlite3 *database = NULL;
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    int code = sqlite3_open_v2(path, &database, flags, NULL);
    // Exclusive: a second collector on the same file would hand out the same marks.
    if (code == SQLITE_OK)
        code = sqlite3_exec(database,
                            "PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=WAL;"
                            "PRAGMA synchronous=FULL; PRAGMA trusted_schema=OFF;"
                            "PRAGMA cell_size_check=ON;",
                            NULL, NULL, NULL);
    enum status status = code == SQLITE_OK ? check_schema(database, path, problem)
                                           : explain(database, code, path, problem);
    if (status == STATUS_OK)
        *ret_database = database;
    else
        sqlite3_close(database);
    return status;
}
