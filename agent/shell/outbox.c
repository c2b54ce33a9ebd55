// SPDX-License-Identifier: Apache-2.0
// The outbox's tables and transactions.
#include "agent/shell/outbox.h"

#include "agent/shell/database.h"
#include "agent/shell/set_aside.h"
#include "wire/codec.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <uv.h>

enum {
    APPLICATION_ID = 0x53574f42, // "SWOB"
    SCHEMA_VERSION = 1,
    EVENT_OVERHEAD_BYTES = 128, // what a row takes besides its payload
    PAGE_BYTES = 4096,
};

static const char schema[] =
    "CREATE TABLE outbox (id TEXT NOT NULL, next_seq INTEGER NOT NULL, dropped INTEGER NOT NULL);"
    "CREATE TABLE event (seq INTEGER PRIMARY KEY, kind INTEGER NOT NULL, boot_id TEXT NOT NULL,"
    " at_us INTEGER NOT NULL, payload BLOB NOT NULL);"
    // The rowid grows with every write, so the lowest is the one not written for longest.
    "CREATE TABLE bookmark (at INTEGER PRIMARY KEY, name TEXT UNIQUE NOT NULL,"
    " value TEXT NOT NULL);";

enum statement {
    BEGIN,
    COMMIT,
    ROLLBACK,
    INSERT_EVENT,
    SELECT_EVENT,
    DELETE_EVENTS,
    UPDATE_OUTBOX,
    REPLACE_BOOKMARK,
    TRIM_BOOKMARKS,
    SELECT_BOOKMARK,
    STATEMENT_COUNT
};

static const char *const statement_sql[STATEMENT_COUNT] = {
    [BEGIN] = "BEGIN IMMEDIATE",
    [COMMIT] = "COMMIT",
    [ROLLBACK] = "ROLLBACK",
    [INSERT_EVENT] = "INSERT INTO event VALUES (?1, ?2, ?3, ?4, ?5)",
    [SELECT_EVENT] = "SELECT kind, boot_id, at_us, payload FROM event WHERE seq = ?1",
    [DELETE_EVENTS] = "DELETE FROM event WHERE seq <= ?1 RETURNING length(payload)",
    [UPDATE_OUTBOX] = "UPDATE outbox SET next_seq = ?1, dropped = ?2",
    [REPLACE_BOOKMARK] = "INSERT OR REPLACE INTO bookmark (name, value) VALUES (?1, ?2)",
    [TRIM_BOOKMARKS] = "DELETE FROM bookmark WHERE at NOT IN"
                       " (SELECT at FROM bookmark ORDER BY at DESC LIMIT ?1)",
    [SELECT_BOOKMARK] = "SELECT value FROM bookmark WHERE name = ?1",
};

// What a transaction changes: committed to the outbox only after the COMMIT succeeded.
struct ledger {
    uint64_t oldest, next, dropped, bytes;
};

struct outbox {
    struct outbox_settings settings;
    sqlite3 *database;
    sqlite3_stmt *statements[STATEMENT_COUNT];
    char id[ID_SIZE];
    struct ledger ledger;
};

// A statement ready for binding.
static sqlite3_stmt *take(struct outbox *outbox, enum statement which)
{
    sqlite3_stmt *statement = outbox->statements[which];
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    return statement;
}

// Runs a statement that gives no rows. Reset at once: a pending statement would hold the lock.
static enum status finish(sqlite3_stmt *statement)
{
    int result = sqlite3_step(statement);
    sqlite3_reset(statement);
    return database_status(result);
}

static enum status run(struct outbox *outbox, enum statement which)
{
    return finish(take(outbox, which));
}

static enum status prepare(struct outbox *outbox)
{
    for (int i = 0; i < STATEMENT_COUNT; i++) {
        int result = sqlite3_prepare_v3(outbox->database, statement_sql[i], -1,
                                        SQLITE_PREPARE_PERSISTENT, &outbox->statements[i], NULL);
        if (result != SQLITE_OK)
            return result == SQLITE_ERROR ? STATUS_CORRUPT : database_status(result);
    }
    return STATUS_OK;
}

static enum status begin_new(struct outbox *outbox)
{
    uint8_t random[16];
    if (uv_random(NULL, NULL, random, sizeof random, 0, NULL) != 0)
        return STATUS_UNAVAILABLE;
    char id[2 * sizeof random + 1];
    for (size_t i = 0; i < sizeof random; i++)
        snprintf(id + 2 * i, 3, "%02x", random[i]);
    char sql[1024];
    snprintf(sql, sizeof sql,
             "BEGIN IMMEDIATE; %s INSERT INTO outbox VALUES ('%s', 1, 0);"
             "PRAGMA application_id = %d; PRAGMA user_version = %d; COMMIT;",
             schema, id, APPLICATION_ID, SCHEMA_VERSION);
    return database_run(outbox->database, sql);
}

// Ours, empty (then it becomes ours), or STATUS_CORRUPT: somebody else's.
static enum status claim(struct outbox *outbox)
{
    int64_t application = 0, version = 0, tables = 0;
    enum status status = database_integer(outbox->database, "PRAGMA application_id", &application);
    if (status == STATUS_OK)
        status = database_integer(outbox->database, "PRAGMA user_version", &version);
    if (status == STATUS_OK)
        status = database_integer(outbox->database, "SELECT count(*) FROM sqlite_schema", &tables);
    if (status != STATUS_OK)
        return status;
    if (application == 0 && tables == 0)
        return begin_new(outbox);
    bool ours = application == APPLICATION_ID && version == SCHEMA_VERSION;
    return ours ? STATUS_OK : STATUS_CORRUPT;
}

// Reads the outbox's row and checks that the events are the unbroken run that ends before next.
static enum status take_stock(struct outbox *outbox)
{
    static const char sql[] = "SELECT id, next_seq, dropped, (SELECT count(*) FROM event),"
                              " (SELECT min(seq) FROM event), (SELECT max(seq) FROM event),"
                              " (SELECT total(length(payload)) FROM event) FROM outbox";
    sqlite3_stmt *statement = NULL;
    int result = sqlite3_prepare_v2(outbox->database, sql, -1, &statement, NULL);
    if (result == SQLITE_OK)
        result = sqlite3_step(statement);
    enum status status = result == SQLITE_ROW ? STATUS_OK : STATUS_CORRUPT;
    if (result != SQLITE_ROW && result != SQLITE_DONE && result != SQLITE_ERROR)
        status = database_status(result);
    if (status == STATUS_OK) {
        const char *id = (const char *)sqlite3_column_text(statement, 0);
        int64_t next = sqlite3_column_int64(statement, 1);
        int64_t count = sqlite3_column_int64(statement, 3);
        int64_t oldest = count > 0 ? sqlite3_column_int64(statement, 4) : next;
        int64_t last = count > 0 ? sqlite3_column_int64(statement, 5) : next - 1;
        bool sound = id != NULL && text_set(outbox->id, id) && oldest >= 1 && last == next - 1 &&
                     count == next - oldest;
        status = sound ? STATUS_OK : STATUS_CORRUPT;
        outbox->ledger = (struct ledger){
            .oldest = (uint64_t)oldest,
            .next = (uint64_t)next,
            .dropped = (uint64_t)sqlite3_column_int64(statement, 2),
            .bytes = (uint64_t)sqlite3_column_double(statement, 6) +
                     (uint64_t)count * EVENT_OVERHEAD_BYTES,
        };
    }
    sqlite3_finalize(statement);
    return status;
}

static enum status open_once(const struct outbox_settings *settings, struct outbox **ret_outbox)
{
    struct outbox *outbox = calloc(1, sizeof *outbox);
    if (outbox == NULL)
        return STATUS_NO_MEMORY;
    outbox->settings = *settings;
    // The limit in events and bytes comes first; the file's own stands behind it, in case the
    // estimate of what a row takes is wrong.
    uint64_t max_pages = settings->max_bytes / PAGE_BYTES * 2 + 256;
    enum status status = database_open(settings->path, max_pages, &outbox->database);
    if (status == STATUS_OK)
        status = claim(outbox);
    if (status == STATUS_OK)
        status = take_stock(outbox);
    if (status == STATUS_OK)
        status = prepare(outbox);
    if (status != STATUS_OK) {
        outbox_close(outbox);
        return status;
    }
    *ret_outbox = outbox;
    return STATUS_OK;
}

enum status outbox_open(const struct outbox_settings *settings, struct wall_time now,
                        struct outbox **ret_outbox, struct text *note)
{
    enum status status = open_once(settings, ret_outbox);
    if (status == STATUS_CORRUPT) {
        status = outbox_set_aside(settings->path, now, note);
        if (status == STATUS_OK)
            status = open_once(settings, ret_outbox);
    }
    if (status == STATUS_UNAVAILABLE)
        text_printf(note, "%s is in use by another agent", settings->path);
    else if (status != STATUS_OK)
        text_printf(note, "%s: %s", settings->path, status_text(status));
    return status;
}

enum status outbox_set_aside(const char *path, struct wall_time now, struct text *note)
{
    char name[SET_ASIDE_PATH_SIZE];
    static const char *const suffixes[] = {"", "-wal", "-journal", "-shm", NULL};
    enum status status = set_aside(path, suffixes, now, name);
    if (status == STATUS_OK)
        text_printf(note, "%s is corrupt or not an outbox: set aside as %s, a new outbox begins. ",
                    path, name);
    return status;
}

void outbox_close(struct outbox *outbox)
{
    if (outbox == NULL)
        return;
    for (int i = 0; i < STATEMENT_COUNT; i++)
        sqlite3_finalize(outbox->statements[i]);
    sqlite3_close(outbox->database);
    free(outbox);
}

struct outbox_view outbox_look(const struct outbox *outbox)
{
    struct outbox_view view = {.oldest = outbox->ledger.oldest, .next = outbox->ledger.next};
    text_set(view.id, outbox->id);
    return view;
}

uint64_t outbox_dropped(const struct outbox *outbox)
{
    return outbox->ledger.dropped;
}

static struct event_key *event_key_of(struct message *message)
{
    switch (message->kind) {
    case MESSAGE_ORDER:
        return &message->order.key;
    case MESSAGE_SERVICE:
        return &message->service.key;
    case MESSAGE_HOST:
        return &message->host.key;
    default:
        return NULL;
    }
}

// Deletes up to `seq` and keeps the ledger right.
static enum status delete_up_to(struct outbox *outbox, uint64_t seq, struct ledger *ledger)
{
    sqlite3_stmt *statement = take(outbox, DELETE_EVENTS);
    sqlite3_bind_int64(statement, 1, (int64_t)seq);
    int result;
    while ((result = sqlite3_step(statement)) == SQLITE_ROW) {
        ledger->bytes -= (uint64_t)sqlite3_column_int64(statement, 0) + EVENT_OVERHEAD_BYTES;
        ledger->oldest++;
    }
    sqlite3_reset(statement);
    return database_status(result);
}

static enum status insert(struct outbox *outbox, const struct message *message,
                          const struct event_stamp *stamp, const uint8_t *payload, size_t size,
                          struct ledger *ledger)
{
    sqlite3_stmt *statement = take(outbox, INSERT_EVENT);
    sqlite3_bind_int64(statement, 1, (int64_t)ledger->next);
    sqlite3_bind_int(statement, 2, (int)message->kind);
    sqlite3_bind_text(statement, 3, stamp->boot_id, -1, SQLITE_STATIC);
    sqlite3_bind_int64(statement, 4, stamp->at.us);
    sqlite3_bind_blob(statement, 5, payload, (int)size, SQLITE_STATIC);
    enum status status = finish(statement);
    if (status == STATUS_OK) {
        ledger->next++;
        ledger->bytes += size + EVENT_OVERHEAD_BYTES;
    }
    return status;
}

static enum status make_room(struct outbox *outbox, struct ledger *ledger)
{
    enum status status = STATUS_OK;
    while (status == STATUS_OK &&
           (ledger->next - ledger->oldest > outbox->settings.max_events ||
            (ledger->bytes > outbox->settings.max_bytes && ledger->next - ledger->oldest > 1))) {
        ledger->dropped++;
        status = delete_up_to(outbox, ledger->oldest, ledger);
    }
    return status;
}

static enum status append_one(struct outbox *outbox, struct message *message,
                              const struct event_stamp *stamp, struct ledger *ledger,
                              size_t *refused)
{
    uint8_t payload[WIRE_MESSAGE_MAX];
    size_t size;
    struct event_key *key = event_key_of(message);
    if (key == NULL) {
        ++*refused;
        return STATUS_OK;
    }
    text_set(key->outbox_id, outbox->id);
    key->seq = ledger->next;
    key->age_ms = -1; // known only at the moment of sending
    if (wire_encode(message, payload, sizeof payload, &size) != STATUS_OK) {
        ++*refused;
        return STATUS_OK;
    }
    enum status status = insert(outbox, message, stamp, payload, size, ledger);
    return status == STATUS_OK ? make_room(outbox, ledger) : status;
}

static enum status save_bookmark(struct outbox *outbox, const struct bookmark *bookmark)
{
    sqlite3_stmt *statement = take(outbox, REPLACE_BOOKMARK);
    sqlite3_bind_text(statement, 1, bookmark->name, -1, SQLITE_STATIC);
    sqlite3_bind_text(statement, 2, bookmark->value, -1, SQLITE_STATIC);
    enum status status = finish(statement);
    if (status != STATUS_OK)
        return status;
    statement = take(outbox, TRIM_BOOKMARKS);
    sqlite3_bind_int(statement, 1, OUTBOX_BOOKMARKS_MAX);
    return finish(statement);
}

static enum status save_ledger(struct outbox *outbox, const struct ledger *ledger)
{
    sqlite3_stmt *statement = take(outbox, UPDATE_OUTBOX);
    sqlite3_bind_int64(statement, 1, (int64_t)ledger->next);
    sqlite3_bind_int64(statement, 2, (int64_t)ledger->dropped);
    return finish(statement);
}

// COMMIT, or ROLLBACK when something failed; the outbox changes only with the former.
static enum status end(struct outbox *outbox, enum status status, const struct ledger *ledger)
{
    if (status == STATUS_OK)
        status = run(outbox, COMMIT);
    if (status == STATUS_OK) {
        outbox->ledger = *ledger;
        return STATUS_OK;
    }
    // A failed statement may have rolled back by itself: ROLLBACK is then an error of no interest.
    enum status rolled_back = run(outbox, ROLLBACK);
    (void)rolled_back;
    if (status == STATUS_FULL) // gives back what the WAL holds, so that a later try can succeed
        sqlite3_wal_checkpoint_v2(outbox->database, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
    return status;
}

enum status outbox_append(struct outbox *outbox, struct message *messages, size_t count,
                          const struct event_stamp *stamp, const struct bookmark *bookmark,
                          size_t *ret_refused)
{
    struct ledger ledger = outbox->ledger;
    size_t refused = 0;
    enum status status = run(outbox, BEGIN);
    for (size_t i = 0; status == STATUS_OK && i < count; i++)
        status = append_one(outbox, &messages[i], stamp, &ledger, &refused);
    if (status == STATUS_OK && bookmark != NULL)
        status = save_bookmark(outbox, bookmark);
    if (status == STATUS_OK)
        status = save_ledger(outbox, &ledger);
    status = end(outbox, status, &ledger);
    if (status == STATUS_OK)
        *ret_refused = refused;
    return status;
}

static enum status read_row(sqlite3_stmt *row, struct message *ret_event,
                            struct event_stamp *ret_stamp)
{
    int kind = sqlite3_column_int(row, 0);
    const char *boot_id = (const char *)sqlite3_column_text(row, 1);
    struct event_stamp stamp = {.at = {sqlite3_column_int64(row, 2)}};
    const uint8_t *payload = sqlite3_column_blob(row, 3);
    int size = sqlite3_column_bytes(row, 3);
    if (boot_id == NULL || !text_set(stamp.boot_id, boot_id))
        return STATUS_CORRUPT;
    if (kind != MESSAGE_ORDER && kind != MESSAGE_SERVICE && kind != MESSAGE_HOST)
        return STATUS_CORRUPT;
    if (wire_decode((enum message_kind)kind, payload, (size_t)size, ret_event) != WIRE_ACCEPTED)
        return STATUS_CORRUPT;
    *ret_stamp = stamp;
    return STATUS_OK;
}

enum status outbox_read(struct outbox *outbox, uint64_t seq, struct message *ret_event,
                        struct event_stamp *ret_stamp)
{
    sqlite3_stmt *statement = take(outbox, SELECT_EVENT);
    sqlite3_bind_int64(statement, 1, (int64_t)seq);
    int result = sqlite3_step(statement);
    enum status status = result == SQLITE_DONE ? STATUS_NOT_FOUND : database_status(result);
    if (result == SQLITE_ROW)
        status = read_row(statement, ret_event, ret_stamp);
    sqlite3_reset(statement);
    return status;
}

enum status outbox_forget(struct outbox *outbox, uint64_t seq)
{
    struct ledger ledger = outbox->ledger;
    // Losing this commit loses nothing (acked events are sent again and known there): no fsync.
    enum status status = database_run(outbox->database, "PRAGMA synchronous = NORMAL");
    if (status != STATUS_OK)
        return status;
    status = delete_up_to(outbox, seq, &ledger);
    if (status == STATUS_OK)
        outbox->ledger = ledger;
    enum status restored = database_run(outbox->database, "PRAGMA synchronous = FULL");
    return status == STATUS_OK ? restored : status;
}

enum status outbox_bookmark(struct outbox *outbox, const char *name,
                            char value[BOOKMARK_VALUE_SIZE])
{
    sqlite3_stmt *statement = take(outbox, SELECT_BOOKMARK);
    sqlite3_bind_text(statement, 1, name, -1, SQLITE_STATIC);
    int result = sqlite3_step(statement);
    enum status status = result == SQLITE_DONE ? STATUS_NOT_FOUND : database_status(result);
    if (result == SQLITE_ROW) {
        const char *found = (const char *)sqlite3_column_text(statement, 0);
        text_copy(value, BOOKMARK_VALUE_SIZE, found != NULL ? found : "");
    }
    sqlite3_reset(statement);
    return status;
}
