// SPDX-License-Identifier: Apache-2.0
// Node by node, straight from the engine's views.
#include "collector/shell/web/stations.h"

#include "base/hash.h"
#include "collector/shell/web/respond.h"
#include "wire/json.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_BYTES = 32768 };

// ---- one node ---------------------------------------------------------------------------------

static void write_time(struct text *out, const char *name, struct wall_time at)
{
    char shown[WALL_TEXT_SIZE];
    if (wall_known(at))
        text_printf(out, ",\"%s\":\"%s\"", name, wall_format(at, shown));
    else
        text_printf(out, ",\"%s\":null", name);
}

static void write_string(struct text *out, const char *name, const char *value)
{
    text_printf(out, ",\"%s\":", name);
    json_write_string(out, value != NULL ? value : "");
}

static void write_outcome(struct text *out, const char *name, enum outcome outcome)
{
    if (outcome == OUTCOME_UNSPECIFIED)
        text_printf(out, ",\"%s\":null", name);
    else
        text_printf(out, ",\"%s\":\"%s\"", name, outcome_name(outcome));
}

static void write_labels(struct text *out, const struct node_view *view)
{
    text_append(out, ",\"labels\":{");
    for (uint32_t i = 0; i < view->label_count; i++) {
        text_append(out, i > 0 ? "," : "");
        json_write_string(out, view->labels[i].key);
        text_append(out, ":");
        json_write_string(out, view->labels[i].value);
    }
    text_append(out, "}");
}

void station_write(struct text *out, const struct node_view *view)
{
    text_append(out, "{\"node\":");
    json_write_string(out, view->node);
    text_printf(out, ",\"role\":\"%s\",\"presence\":\"%s\"", role_name(view->role),
                presence_name(view->presence));
    if (view->presence == PRESENCE_OFF)
        text_printf(out, ",\"offline_reason\":\"%s\"", offline_reason_name(view->offline_reason));
    write_time(out, "last_heard", view->last_heard);
    write_outcome(out, "last_fetch", view->last_fetch);
    write_time(out, "last_fetch_at", view->last_fetch_at);
    write_outcome(out, "share", view->share);
    text_printf(out,
                ",\"fetch_ok\":%" PRIu64 ",\"fetch_failed\":%" PRIu64 ",\"outbox_depth\":%" PRIu64,
                view->fetch_ok, view->fetch_failed, view->outbox_depth);
    write_string(out, "version", view->version);
    write_string(out, "hostname", view->hostname);
    write_labels(out, view);
    if (view->incident_id != NULL && view->incident_id[0] != '\0')
        write_string(out, "incident", view->incident_id);
    else
        text_append(out, ",\"incident\":null");
    text_append(out, "}");
}

// ---- all of them ------------------------------------------------------------------------------

struct listing {
    const struct engine *engine;
    uint32_t next; // node to be written; nodes are never removed
    bool ended;
    size_t piece_size, piece_sent;
    char piece[STATION_JSON_MAX];
};

static void next_piece(struct listing *listing)
{
    struct text text;
    text_init(&text, listing->piece, sizeof listing->piece);
    uint32_t count = engine_node_count(listing->engine);
    if (listing->next == 0)
        text_append(&text, "{\"stations\":[");
    if (listing->next < count) {
        struct node_view view;
        engine_node(listing->engine, listing->next, &view);
        text_append(&text, listing->next > 0 ? ",\n" : "\n");
        station_write(&text, &view);
        listing->next++;
    } else {
        text_append(&text, "]}\n");
        listing->ended = true;
    }
    listing->piece_size = text.length;
    listing->piece_sent = 0;
}

static ssize_t read_listing(void *context, uint64_t position, char *out, size_t max)
{
    (void)position;
    struct listing *listing = context;
    size_t count = 0;
    while (count < max) {
        if (listing->piece_sent == listing->piece_size) {
            if (listing->ended)
                break;
            next_piece(listing);
        }
        size_t left = listing->piece_size - listing->piece_sent;
        size_t take = left < max - count ? left : max - count;
        memcpy(out + count, listing->piece + listing->piece_sent, take);
        listing->piece_sent += take;
        count += take;
    }
    return count > 0 ? (ssize_t)count : MHD_CONTENT_READER_END_OF_STREAM;
}

enum MHD_Result stations_respond(struct MHD_Connection *connection, const struct engine *engine)
{
    struct listing *listing = calloc(1, sizeof *listing);
    if (listing == NULL)
        return MHD_NO;
    listing->engine = engine;
    struct MHD_Response *response = MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, BLOCK_BYTES,
                                                                      read_listing, listing, free);
    if (response == NULL)
        free(listing);
    return respond_with(connection, MHD_HTTP_OK, TYPE_JSON, response);
}

struct station_counts stations_count(const struct engine *engine)
{
    struct station_counts counts = {0};
    uint32_t count = engine_node_count(engine);
    for (uint32_t i = 0; i < count; i++) {
        struct node_view view;
        engine_node(engine, i, &view);
        if (view.role == ROLE_SERVER)
            continue;
        counts.total++;
        if (view.presence < PRESENCE_COUNT)
            counts.presence[view.presence]++;
    }
    return counts;
}

// ---- what changed -----------------------------------------------------------------------------

struct station_watch {
    const struct engine *engine;
    uint32_t *seen; // a digest per node
    uint32_t count, capacity;
};

enum status station_watch_new(const struct engine *engine, struct station_watch **ret_watch)
{
    struct station_watch *watch = calloc(1, sizeof *watch);
    if (watch == NULL)
        return STATUS_NO_MEMORY;
    watch->engine = engine;
    *ret_watch = watch;
    return STATUS_OK;
}

void station_watch_free(struct station_watch *watch)
{
    if (watch == NULL)
        return;
    free(watch->seen);
    free(watch);
}

// Of what a page shows: not when it was last heard, which changes every second.
static uint32_t digest(const struct node_view *view)
{
    uint64_t hash = view->incident_id != NULL ? hash_text(view->incident_id) : 0;
    hash = hash * 31 + (uint64_t)view->presence;
    hash = hash * 31 + (uint64_t)view->last_fetch;
    hash = hash * 31 + (uint64_t)view->share;
    hash = hash * 31 + (uint64_t)view->role;
    hash = hash * 31 + (uint64_t)view->last_fetch_at.ms;
    return (uint32_t)(hash ^ hash >> 32);
}

static bool grow(struct station_watch *watch, uint32_t count)
{
    if (count <= watch->capacity)
        return true;
    uint32_t capacity = watch->capacity < 64 ? 64 : watch->capacity;
    while (capacity < count)
        capacity *= 2;
    uint32_t *grown = realloc(watch->seen, capacity * sizeof *grown);
    if (grown == NULL)
        return false;
    memset(grown + watch->capacity, 0, (capacity - watch->capacity) * sizeof *grown);
    watch->seen = grown;
    watch->capacity = capacity;
    return true;
}

uint32_t station_watch_look(struct station_watch *watch, uint32_t max, struct text *out)
{
    uint32_t count = engine_node_count(watch->engine), changed = 0;
    if (!grow(watch, count))
        return 0;
    text_append(out, "{\"stations\":[");
    for (uint32_t i = 0; i < count; i++) {
        struct node_view view;
        engine_node(watch->engine, i, &view);
        uint32_t now = digest(&view);
        if (now == watch->seen[i])
            continue;
        watch->seen[i] = now;
        if (++changed > max)
            continue;
        text_append(out, changed > 1 ? "," : "");
        station_write(out, &view);
    }
    text_append(out, "]}");
    if (changed > max || out->truncated)
        text_init(out, out->data, out->size);
    return changed;
}
