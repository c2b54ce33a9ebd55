// SPDX-License-Identifier: Apache-2.0
// The plug point of the collector's history: events exactly once, marks, nodes, incidents, notes.
// One backend is one more file that fills in `struct store_backend`.
//
// Ownership: items and their pointers belong to the caller and are not kept; a store is the
// caller's to close. Thread: one at a time; in the collector that is the opener until the store's
// thread starts, then that thread alone (store_writer.h). Failure: a status and, in `problem`, a
// sentence that says what to do; a failed write or commit leaves the transaction to be rolled back.
#ifndef COLLECTOR_SHELL_STORE_H
#define COLLECTOR_SHELL_STORE_H

#include "base/status.h"
#include "base/time.h"
#include "domain/incident.h"
#include "domain/observation.h"

#include <stddef.h>

enum { STORE_PROBLEM_SIZE = 512, STORE_LIST_MAX = 1000 };

struct store_event { // one outbox event as it came; a repeat of the same key is passed over
    const char *node, *outbox_id;
    uint64_t seq;
    enum message_kind kind;
    struct wall_time received_at, at;
    const void *payload; // the message's bytes on the wire
    size_t size;
};

struct store_mark { // everything of the outbox up to here has been written; marks never go back
    const char *node, *outbox_id;
    uint64_t high_water;
};

struct store_node { // a node that was heard, so that its silence is seen after a restart
    const char *node;
    enum role role;
};

struct store_memory { // what the core learned; replaces what the store has under this key
    const char *key, *text;
};

struct store_incident { // replaces what the store has under this id
    const char *id;
    bool closed;
    struct wall_time since, told_at; // told_at WALL_UNKNOWN: people have not heard of it
    const char *json;
    size_t size;
};

struct store_note {
    struct wall_time at;
    const char *node; // "" = none
    const char *text;
};

enum store_kind { STORE_EVENT, STORE_MARK, STORE_NODE, STORE_INCIDENT, STORE_NOTE, STORE_MEMORY };

struct store_item {
    enum store_kind kind;
    union {
        struct store_event event;
        struct store_mark mark;
        struct store_node node;
        struct store_incident incident;
        struct store_note note;
        struct store_memory memory;
    };
};

// Called by `restore` for everything that a restarted collector needs.
struct store_visitor {
    void *context;
    void (*mark)(void *context, const struct store_mark *mark);
    void (*node)(void *context, const struct store_node *node);
    void (*incident)(void *context, const struct store_incident *incident); // open ones
    void (*memory)(void *context, const struct store_memory *memory);       // after the nodes
};

struct store_text { // bytes of the heap; the receiver frees `data`
    char *data;
    size_t size;
};

struct store_settings {
    const char *path;
    struct duration retention, incidents_retention;
};

struct store; // a backend's state begins with `const struct store_backend *`

struct store_backend {
    const char *name; // "sqlite"
    // Makes what is missing. Refuses, and says how to go on: a store made by a newer version, one
    // in use by another process, a damaged one (history must not vanish by itself).
    MUST_CHECK enum status (*open)(const struct store_settings *settings, struct store **ret_store,
                                   char problem[STORE_PROBLEM_SIZE]);
    MUST_CHECK enum status (*restore)(struct store *store, const struct store_visitor *visitor,
                                      char problem[STORE_PROBLEM_SIZE]);
    // Writes happen between begin and commit; after a successful commit they survive a power cut.
    MUST_CHECK enum status (*begin)(struct store *store, char problem[STORE_PROBLEM_SIZE]);
    // STATUS_INVALID: this item can never be written; anything else: worth another try.
    MUST_CHECK enum status (*write)(struct store *store, const struct store_item *item,
                                    char problem[STORE_PROBLEM_SIZE]);
    MUST_CHECK enum status (*commit)(struct store *store, char problem[STORE_PROBLEM_SIZE]);
    void (*rollback)(struct store *store);
    // The JSON of one incident. STATUS_NOT_FOUND.
    MUST_CHECK enum status (*find_incident)(struct store *store, const char *id,
                                            struct store_text *ret_json,
                                            char problem[STORE_PROBLEM_SIZE]);
    // The newest closed incidents, newest first, as JSON objects with commas between.
    MUST_CHECK enum status (*closed_incidents)(struct store *store, size_t limit,
                                               struct store_text *ret_json,
                                               char problem[STORE_PROBLEM_SIZE]);
    void (*close)(struct store *store); // takes NULL
};

struct store {
    const struct store_backend *backend;
};

extern const struct store_backend store_sqlite;

#endif
