// SPDX-License-Identifier: Apache-2.0
// The store in SQLite: prepared once, INSERT OR IGNORE by key, retention taken off with the writes.
#include "collector/shell/sqlite_file.h"
#include "collector/shell/store.h"

#include <stdlib.h>
#include <string.h>

enum { PURGE_EVERY = 256, LIST_BYTES_MAX = 16 << 20 };

enum statement {
    PUT_EVENT,
    PUT_MARK,
    PUT_NODE,
    PUT_INCIDENT,
    PUT_NOTE,
    PUT_MEMORY,
    PURGE_EVENTS,
    PURGE_NOTES,
    PURGE_INCIDENTS,
    ALL_MARKS,
    ALL_NODES,
    ALL_MEMORY,
    OPEN_INCIDENTS,
    FIND_INCIDENT,
    CLOSED_INCIDENTS,
    STATEMENT_COUNT
};

static const char *const statements[STATEMENT_COUNT] = {
    [PUT_EVENT] = "INSERT OR IGNORE INTO events VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    [PUT_MARK] = "INSERT INTO outbox_marks VALUES(?1, ?2, ?3) ON CONFLICT DO UPDATE"
                 " SET high_water = max(high_water, excluded.high_water)",
    [PUT_NODE] = "INSERT OR REPLACE INTO nodes VALUES(?1, ?2)",
    [PUT_INCIDENT] = "INSERT OR REPLACE INTO incidents VALUES(?1, ?2, ?3, ?4, ?5)",
    [PUT_NOTE] = "INSERT INTO notes VALUES(?1, ?2, ?3)",
    [PUT_MEMORY] = "INSERT OR REPLACE INTO memory VALUES(?1, ?2)",
    // By rowid, so by arrival: needs no index on the time.
    [PURGE_EVENTS] = "DELETE FROM events WHERE received_at < ?1 AND rowid IN"
                     " (SELECT rowid FROM events ORDER BY rowid LIMIT ?2)",
    [PURGE_NOTES] = "DELETE FROM notes WHERE at < ?1 AND rowid IN"
                    " (SELECT rowid FROM notes ORDER BY rowid LIMIT ?2)",
    [PURGE_INCIDENTS] = "DELETE FROM incidents WHERE closed = 1 AND since < ?1",
    [ALL_MARKS] = "SELECT node, outbox_id, high_water FROM outbox_marks",
    [ALL_NODES] = "SELECT node, role FROM nodes",
    [ALL_MEMORY] = "SELECT key, value FROM memory",
    [OPEN_INCIDENTS] = "SELECT id, since, told_at, json FROM incidents WHERE closed = 0"
                       " ORDER BY since, id",
    [FIND_INCIDENT] = "SELECT json FROM incidents WHERE id = ?1",
    [CLOSED_INCIDENTS] = "SELECT json FROM incidents WHERE closed = 1"
                         " ORDER BY since DESC, id DESC LIMIT ?1",
};

struct sqlite_store {
    struct store base;
    sqlite3 *database;
    sqlite3_stmt *prepared[STATEMENT_COUNT];
    struct duration retention, incidents_retention;
    struct wall_time newest; // the time that retention counts back from: no clock in here
    uint32_t written;        // events and notes since the last purge
};

static struct sqlite_store *self_of(struct store *store)
{
    return (struct sqlite_store *)store;
}

static void bind_text(sqlite3_stmt *statement, int index, const char *text)
{
    // A failed bind leaves NULL, which NOT NULL then refuses: one check, at the step.
    (void)sqlite3_bind_text(statement, index, text, -1, SQLITE_STATIC);
}

static void bind_number(sqlite3_stmt *statement, int index, int64_t number)
{
    (void)sqlite3_bind_int64(statement, index, number);
}

static enum status run(struct sqlite_store *self, enum statement which, const char *doing,
                       char problem[STORE_PROBLEM_SIZE])
{
    sqlite3_stmt *statement = self->prepared[which];
    int code = sqlite3_step(statement);
    enum status status =
        code == SQLITE_DONE ? STATUS_OK : sqlite_file_problem(self->database, code, doing, problem);
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    return status;
}

static void sqlite_close(struct store *store)
{
    if (store == NULL)
        return;
    struct sqlite_store *self = self_of(store);
    for (int i = 0; i < STATEMENT_COUNT; i++)
        sqlite3_finalize(self->prepared[i]);
    sqlite3_close(self->database);
    free(self);
}

static enum status prepare(struct sqlite_store *self, char problem[STORE_PROBLEM_SIZE])
{
    for (int i = 0; i < STATEMENT_COUNT; i++) {
        int code = sqlite3_prepare_v3(self->database, statements[i], -1, SQLITE_PREPARE_PERSISTENT,
                                      &self->prepared[i], NULL);
        if (code != SQLITE_OK)
            return sqlite_file_problem(self->database, code,
                                       "the store's tables are not as expected", problem);
    }
    return STATUS_OK;
}

static enum status sqlite_open(const struct store_settings *settings, struct store **ret_store,
                               char problem[STORE_PROBLEM_SIZE])
{
    struct sqlite_store *self = calloc(1, sizeof *self);
    if (self == NULL) {
        memcpy(problem, "out of memory", sizeof "out of memory");
        return STATUS_NO_MEMORY;
    }
    self->base.backend = &store_sqlite;
    self->retention = settings->retention;
    self->incidents_retention = settings->incidents_retention;
    enum status status = sqlite_file_open(settings->path, &self->database, problem);
    if (status == STATUS_OK)
        status = prepare(self, problem);
    if (status == STATUS_OK)
        *ret_store = &self->base;
    else
        sqlite_close(&self->base);
    return status;
}

static const char *column_text(sqlite3_stmt *statement, int column)
{
    const unsigned char *text = sqlite3_column_text(statement, column);
    return text == NULL ? "" : (const char *)text;
}

static void visit_row(sqlite3_stmt *row, enum statement which, const struct store_visitor *visitor)
{
    if (which == ALL_MARKS) {
        struct store_mark mark = {column_text(row, 0), column_text(row, 1),
                                  (uint64_t)sqlite3_column_int64(row, 2)};
        visitor->mark(visitor->context, &mark);
    } else if (which == ALL_NODES) {
        struct store_node node = {column_text(row, 0), (enum role)sqlite3_column_int(row, 1)};
        visitor->node(visitor->context, &node);
    } else if (which == ALL_MEMORY) {
        struct store_memory memory = {column_text(row, 0), column_text(row, 1)};
        visitor->memory(visitor->context, &memory);
    } else {
        struct store_incident incident = {.id = column_text(row, 0),
                                          .since = {sqlite3_column_int64(row, 1)},
                                          .told_at = {sqlite3_column_int64(row, 2)},
                                          .json = column_text(row, 3)};
        incident.size = strlen(incident.json);
        visitor->incident(visitor->context, &incident);
    }
}

static enum status sqlite_restore(struct store *store, const struct store_visitor *visitor,
                                  char problem[STORE_PROBLEM_SIZE])
{
    struct sqlite_store *self = self_of(store);
    static const enum statement order[] = {ALL_MARKS, ALL_NODES, ALL_MEMORY, OPEN_INCIDENTS};
    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++) {
        sqlite3_stmt *statement = self->prepared[order[i]];
        int code;
        while ((code = sqlite3_step(statement)) == SQLITE_ROW)
            visit_row(statement, order[i], visitor);
        enum status status = STATUS_OK;
        if (code != SQLITE_DONE)
            status = sqlite_file_problem(self->database, code,
                                         "the store cannot be read; restore it from a backup, or "
                                         "set it aside by hand",
                                         problem);
        sqlite3_reset(statement);
        if (status != STATUS_OK)
            return status;
    }
    return STATUS_OK;
}

static enum status execute(struct sqlite_store *self, const char *sql,
                           char problem[STORE_PROBLEM_SIZE])
{
    int code = sqlite3_exec(self->database, sql, NULL, NULL, NULL);
    return code == SQLITE_OK ? STATUS_OK : sqlite_file_problem(self->database, code, sql, problem);
}

static enum status sqlite_begin(struct store *store, char problem[STORE_PROBLEM_SIZE])
{
    return execute(self_of(store), "BEGIN IMMEDIATE", problem);
}

static void sqlite_rollback(struct store *store)
{
    // SQLite has rolled back by itself after some errors; then there is nothing left to do.
    (void)sqlite3_exec(self_of(store)->database, "ROLLBACK", NULL, NULL, NULL);
}

static enum status put_event(struct sqlite_store *self, const struct store_event *event,
                             char problem[STORE_PROBLEM_SIZE])
{
    sqlite3_stmt *statement = self->prepared[PUT_EVENT];
    bind_text(statement, 1, event->node);
    bind_text(statement, 2, event->outbox_id);
    bind_number(statement, 3, (int64_t)event->seq);
    bind_text(statement, 4, message_kind_name(event->kind));
    bind_number(statement, 5, event->received_at.ms);
    bind_number(statement, 6, event->at.ms);
    (void)sqlite3_bind_blob64(statement, 7, event->size > 0 ? event->payload : "", event->size,
                              SQLITE_STATIC);
    self->newest = event->received_at;
    self->written++;
    return run(self, PUT_EVENT, "writing an event", problem);
}

static enum status put_mark(struct sqlite_store *self, const struct store_mark *mark,
                            char problem[STORE_PROBLEM_SIZE])
{
    sqlite3_stmt *statement = self->prepared[PUT_MARK];
    bind_text(statement, 1, mark->node);
    bind_text(statement, 2, mark->outbox_id);
    bind_number(statement, 3, (int64_t)mark->high_water);
    return run(self, PUT_MARK, "writing an outbox's mark", problem);
}

static enum status put_node(struct sqlite_store *self, const struct store_node *node,
                            char problem[STORE_PROBLEM_SIZE])
{
    sqlite3_stmt *statement = self->prepared[PUT_NODE];
    bind_text(statement, 1, node->node);
    bind_number(statement, 2, (int64_t)node->role);
    return run(self, PUT_NODE, "writing a node", problem);
}

static enum status put_incident(struct sqlite_store *self, const struct store_incident *incident,
                                char problem[STORE_PROBLEM_SIZE])
{
    sqlite3_stmt *statement = self->prepared[PUT_INCIDENT];
    bind_text(statement, 1, incident->id);
    bind_number(statement, 2, incident->closed);
    bind_number(statement, 3, incident->since.ms);
    bind_number(statement, 4, incident->told_at.ms);
    (void)sqlite3_bind_text64(statement, 5, incident->json, incident->size, SQLITE_STATIC,
                              SQLITE_UTF8);
    enum status status = run(self, PUT_INCIDENT, "writing an incident", problem);
    if (status != STATUS_OK || !incident->closed)
        return status;
    bind_number(self->prepared[PURGE_INCIDENTS], 1,
                incident->since.ms - duration_to_ms(self->incidents_retention));
    return run(self, PURGE_INCIDENTS, "removing old incidents", problem);
}

static enum status put_note(struct sqlite_store *self, const struct store_note *note,
                            char problem[STORE_PROBLEM_SIZE])
{
    sqlite3_stmt *statement = self->prepared[PUT_NOTE];
    bind_number(statement, 1, note->at.ms);
    bind_text(statement, 2, note->node);
    bind_text(statement, 3, note->text);
    self->newest = note->at;
    self->written++;
    return run(self, PUT_NOTE, "writing a note", problem);
}

static enum status put_memory(struct sqlite_store *self, const struct store_memory *memory,
                              char problem[STORE_PROBLEM_SIZE])
{
    bind_text(self->prepared[PUT_MEMORY], 1, memory->key);
    bind_text(self->prepared[PUT_MEMORY], 2, memory->text);
    return run(self, PUT_MEMORY, "writing what was learned", problem);
}

static enum status sqlite_write(struct store *store, const struct store_item *item,
                                char problem[STORE_PROBLEM_SIZE])
{
    struct sqlite_store *self = self_of(store);
    switch (item->kind) {
    case STORE_EVENT:
        return put_event(self, &item->event, problem);
    case STORE_MARK:
        return put_mark(self, &item->mark, problem);
    case STORE_NODE:
        return put_node(self, &item->node, problem);
    case STORE_INCIDENT:
        return put_incident(self, &item->incident, problem);
    case STORE_NOTE:
        return put_note(self, &item->note, problem);
    case STORE_MEMORY:
        return put_memory(self, &item->memory, problem);
    }
    return STATUS_INVALID;
}

// Twice what came in, so that a shortened retention is reached in the end and no commit is long.
static enum status purge(struct sqlite_store *self, char problem[STORE_PROBLEM_SIZE])
{
    static const enum statement purges[] = {PURGE_EVENTS, PURGE_NOTES};
    if (self->written < PURGE_EVERY)
        return STATUS_OK;
    for (size_t i = 0; i < sizeof purges / sizeof purges[0]; i++) {
        sqlite3_stmt *statement = self->prepared[purges[i]];
        bind_number(statement, 1, self->newest.ms - duration_to_ms(self->retention));
        bind_number(statement, 2, 2 * (int64_t)self->written);
        enum status status = run(self, purges[i], "removing what is past retention", problem);
        if (status != STATUS_OK)
            return status;
    }
    self->written = 0;
    return STATUS_OK;
}

static enum status sqlite_commit(struct store *store, char problem[STORE_PROBLEM_SIZE])
{
    enum status status = purge(self_of(store), problem);
    return status == STATUS_OK ? execute(self_of(store), "COMMIT", problem) : status;
}

static enum status append(struct store_text *text, const char *bytes, size_t size)
{
    char *grown = realloc(text->data, text->size + size + 1);
    if (grown == NULL)
        return STATUS_NO_MEMORY;
    memcpy(grown + text->size, bytes, size);
    text->data = grown;
    text->size += size;
    grown[text->size] = '\0';
    return STATUS_OK;
}

// Appends the JSON of every row, commas between, up to a size that no list needs.
static enum status gather(struct sqlite_store *self, enum statement which,
                          struct store_text *ret_json, char problem[STORE_PROBLEM_SIZE])
{
    sqlite3_stmt *statement = self->prepared[which];
    struct store_text text = {0};
    enum status status = append(&text, "", 0);
    int code = SQLITE_DONE;
    while (status == STATUS_OK && text.size < LIST_BYTES_MAX &&
           (code = sqlite3_step(statement)) == SQLITE_ROW) {
        if (text.size > 0)
            status = append(&text, ",", 1);
        if (status == STATUS_OK)
            status = append(&text, column_text(statement, 0),
                            (size_t)sqlite3_column_bytes(statement, 0));
    }
    if (status == STATUS_OK && code != SQLITE_DONE && code != SQLITE_ROW)
        status = sqlite_file_problem(self->database, code, "reading incidents", problem);
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    if (status == STATUS_OK)
        *ret_json = text;
    else
        free(text.data);
    return status;
}

static enum status sqlite_find_incident(struct store *store, const char *id,
                                        struct store_text *ret_json,
                                        char problem[STORE_PROBLEM_SIZE])
{
    struct sqlite_store *self = self_of(store);
    struct store_text text;
    bind_text(self->prepared[FIND_INCIDENT], 1, id);
    enum status status = gather(self, FIND_INCIDENT, &text, problem);
    if (status != STATUS_OK)
        return status;
    if (text.size == 0) {
        free(text.data);
        return STATUS_NOT_FOUND;
    }
    *ret_json = text;
    return STATUS_OK;
}

static enum status sqlite_closed_incidents(struct store *store, size_t limit,
                                           struct store_text *ret_json,
                                           char problem[STORE_PROBLEM_SIZE])
{
    struct sqlite_store *self = self_of(store);
    if (limit > STORE_LIST_MAX)
        limit = STORE_LIST_MAX;
    bind_number(self->prepared[CLOSED_INCIDENTS], 1, (int64_t)limit);
    return gather(self, CLOSED_INCIDENTS, ret_json, problem);
}

const struct store_backend store_sqlite = {
    .name = "sqlite",
    .open = sqlite_open,
    .restore = sqlite_restore,
    .begin = sqlite_begin,
    .write = sqlite_write,
    .commit = sqlite_commit,
    .rollback = sqlite_rollback,
    .find_incident = sqlite_find_incident,
    .closed_incidents = sqlite_closed_incidents,
    .close = sqlite_close,
};
