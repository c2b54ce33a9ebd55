// SPDX-License-Identifier: Apache-2.0
// Documents from the engine's views and the collector's facts.
#include "collector/shell/web/api.h"

#include "collector/config/site_zone.h"
#include "collector/core/report.h"
#include "collector/shell/limits.h"
#include "collector/shell/web/stations.h"
#include "wire/json.h"

#include <stdlib.h>

struct api_scratch {
    struct site_status status;
    struct incident incident;
    char json[SITE_STATUS_JSON_MAX];
};

_Static_assert((int)SITE_STATUS_JSON_MAX >= (int)INCIDENT_JSON_MAX &&
                   (int)SITE_STATUS_JSON_MAX >= (int)REPORT_MAX_BYTES,
               "one scratch text is large enough for every document");

enum status api_scratch_new(struct api_scratch **ret_scratch)
{
    struct api_scratch *scratch = calloc(1, sizeof *scratch);
    if (scratch == NULL)
        return STATUS_NO_MEMORY;
    *ret_scratch = scratch;
    return STATUS_OK;
}

void api_scratch_free(struct api_scratch *scratch)
{
    free(scratch);
}

static struct text scratch_text(struct api_scratch *scratch)
{
    struct text text;
    text_init(&text, scratch->json, sizeof scratch->json);
    return text;
}

// ---- status -----------------------------------------------------------------------------------

static void add_stations(struct body *body, const struct engine *engine)
{
    struct station_counts counts = stations_count(engine);
    body_printf(body, ",\"stations\":{\"total\":%u", counts.total);
    for (int presence = 0; presence < PRESENCE_COUNT; presence++)
        body_printf(body, ",\"%s\":%u", presence_name((enum presence)presence),
                    counts.presence[presence]);
    body_printf(body, "}");
}

static void add_link(struct body *body, const struct facts *facts)
{
    char since[WALL_TEXT_SIZE];
    body_printf(body, ",\"link\":{\"up\":%s,\"since\":\"%s\",\"reason\":",
                facts->link_up ? "true" : "false", wall_format(facts->link_since, since));
    body_string(body, facts->link_up ? "" : facts->link_reason);
    body_printf(body, "}");
}

static void add_store(struct body *body, const struct facts *facts)
{
    body_printf(body,
                ",\"store\":{\"ok\":%s,\"problem\":", facts->store.failing ? "false" : "true");
    body_string(body, facts->store.failing ? facts->store_problem : "");
    body_printf(body, ",\"outboxes_held\":%zu}", facts->outboxes_held);
}

void api_status(struct body *body, const struct web_source *source, const struct facts *facts,
                struct instant now, struct api_scratch *scratch)
{
    char started[WALL_TEXT_SIZE];
    struct text text = scratch_text(scratch);
    engine_site_status(source->engine, now, &scratch->status);
    json_write_site_status(&text, &scratch->status);
    body_add(body, text.data, text.length > 0 ? text.length - 1 : 0); // reopens the object
    body_printf(body, ",\"site\":\"%s\",\"timezone\":", source->site);
    body_string(body, source->timezone);
    body_printf(body, ",\"andon\":\"%s\"", engine_andon(source->engine));
    add_stations(body, source->engine);
    add_link(body, facts);
    add_store(body, facts);
    body_printf(body, ",\"version\":\"%s\",\"started_at\":\"%s\"}", STATIONWATCH_VERSION,
                wall_format(facts->started_at, started));
}

// ---- health -----------------------------------------------------------------------------------

static bool write_verdict(struct body *body, bool ok, const char *reason)
{
    body_printf(body, "{\"ok\":%s,\"reason\":", ok ? "true" : "false");
    body_string(body, ok ? "" : reason);
    body_printf(body, "}\n");
    return ok;
}

// The engine runs on the thread that answers: an answer is its sign of life.
bool api_health(struct body *body, const struct facts *facts)
{
    char reason[TEXT_SIZE], since[WALL_TEXT_SIZE];
    struct text text;
    text_init(&text, reason, sizeof reason);
    text_printf(&text, "no link to the broker since %s: %s", wall_format(facts->link_since, since),
                facts->link_reason);
    return write_verdict(body, facts->link_up, reason);
}

bool api_ready(struct body *body, const struct facts *facts)
{
    if (facts->store.failing)
        return write_verdict(body, false, facts->store_problem);
    return write_verdict(body, facts->outboxes_held == 0,
                         "the store does not keep up; agents keep their events");
}

// ---- incidents --------------------------------------------------------------------------------

void api_incident(struct body *body, const struct incident *incident, struct api_scratch *scratch)
{
    struct text text = scratch_text(scratch);
    json_write_incident(&text, incident);
    body_add(body, text.data, text.length);
}

void api_incidents(struct body *body, const struct engine *engine, const struct store_text *closed,
                   struct api_scratch *scratch)
{
    body_printf(body, "{\"incidents\":[");
    uint32_t count = engine_incident_count(engine);
    for (uint32_t i = 0; i < count; i++) {
        body_printf(body, i > 0 ? ",\n" : "\n");
        api_incident(body, engine_incident(engine, i), scratch);
    }
    if (closed->size > 0) {
        body_printf(body, count > 0 ? ",\n" : "\n");
        body_add(body, closed->data, closed->size);
    }
    body_printf(body, "]}\n");
}

void api_report(struct body *body, const char *site, const struct incident *incident,
                struct api_scratch *scratch)
{
    struct text text;
    text_init(&text, scratch->json, REPORT_MAX_BYTES);
    struct wall_time at = wall_known(incident->since) ? incident->since : incident->detected_at;
    report_write(&text, site, site_zone_offset_minutes(at), incident);
    body_add(body, text.data, text.length);
}

enum status api_stored_report(struct body *body, const char *site, const struct store_text *json,
                              struct api_scratch *scratch)
{
    char problem[TEXT_SIZE];
    enum status status = json_read_incident(json->data, json->size, &scratch->incident, problem);
    if (status == STATUS_OK)
        api_report(body, site, &scratch->incident, scratch);
    return status;
}
