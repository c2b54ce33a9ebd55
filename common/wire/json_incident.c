// SPDX-License-Identifier: Apache-2.0
// The incident of DESIGN section 7 and the site-wide documents as field tables.
#include "wire/json.h"
#include "wire/json_fields.h"

static const char *state_name(int value)
{
    return incident_state_name((enum incident_state)value);
}

static const char *priority_word(int value)
{
    return priority_name((enum priority)value);
}

static const struct enum_names states = {state_name, INCIDENT_STATE_COUNT};
static const struct enum_names priorities = {priority_word, PRIORITY_COUNT};

#define MEMBER(type_, member, word, kind, check)                                                   \
    FIELD_NAME(#word), FIELD_PLACE(type_, member), .type = FIELD_##kind, .rule = RULE_##check
#define PLAIN(type_, word, kind) MEMBER(type_, word, word, kind, ANY)
// Members of the incident itself that stand in an object of their own: the base does not move.
#define GROUP(word, set)                                                                           \
    FIELD_NAME(#word), .type = FIELD_RECORD_OR_NULL, .offset = 0, .members = &(set)

static const struct field label_count_rows[] = {
    {PLAIN(incident_label_count, label, TEXT)},
    {PLAIN(incident_label_count, affected, U32)},
};
static const struct field_set label_count_fields = {
    FIELD_SET(label_count_rows, incident_label_count)};

#define SCOPE(word) PLAIN(incident_scope, word, U32)
static const struct field scope_rows[] = {
    {SCOPE(affected)},
    {SCOPE(confirmed)},
    {SCOPE(total)},
    {FIELD_NAME("by_label"), FIELD_ARRAY(incident_scope, by_label, label_count), .type = FIELD_MAP,
     .members = &label_count_fields},
};
static const struct field_set scope_fields = {FIELD_SET(scope_rows, incident_scope)};

static const struct field why_rows[] = {
    {MEMBER(incident, why_code, code, TEXT, ANY)},
    {MEMBER(incident, why_text, text, TEXT, ANY)},
};
static const struct field_set why_fields = {FIELD_SET(why_rows, incident)};

static const struct field acknowledged_rows[] = {
    {MEMBER(incident, acknowledged_by, by, TEXT, ANY)},
    {MEMBER(incident, acknowledged_at, at, TIME, ANY)},
    {MEMBER(incident, acknowledged_comment, comment, TEXT, ANY)},
};
static const struct field_set acknowledged_fields = {FIELD_SET(acknowledged_rows, incident)};

static const struct field alternative_rows[] = {
    {PLAIN(incident_alternative, code, TEXT)},
    {PLAIN(incident_alternative, component, TEXT)},
    {PLAIN(incident_alternative, probability, RATIO)},
};
static const struct field_set alternative_fields = {
    FIELD_SET(alternative_rows, incident_alternative)};

static const struct field ruled_out_rows[] = {
    {PLAIN(incident_ruled_out, code, TEXT)},
    {PLAIN(incident_ruled_out, component, TEXT)},
    {PLAIN(incident_ruled_out, path, TEXT)},
    {PLAIN(incident_ruled_out, because, TEXT)},
};
static const struct field_set ruled_out_fields = {FIELD_SET(ruled_out_rows, incident_ruled_out)};

static const struct field evidence_rows[] = {
    {PLAIN(incident_evidence, node, TEXT)},
    {PLAIN(incident_evidence, kind, TEXT)},
    {PLAIN(incident_evidence, count, U64)},
    {PLAIN(incident_evidence, text, TEXT)},
};
static const struct field_set evidence_fields = {FIELD_SET(evidence_rows, incident_evidence)};

static const struct field timeline_rows[] = {
    {PLAIN(incident_timeline_entry, at, TIME)},
    {PLAIN(incident_timeline_entry, text, TEXT)},
    {PLAIN(incident_timeline_entry, event, TEXT)},
};
static const struct field_set timeline_fields = {FIELD_SET(timeline_rows, incident_timeline_entry)};

#define INCIDENT(word, kind) PLAIN(incident, word, kind)
#define LIST(word, counter, set)                                                                   \
    FIELD_NAME(#word), FIELD_ARRAY(incident, word, counter), .type = FIELD_RECORDS,                \
                                                             .members = &(set)
static const struct field incident_rows[] = {
    {MEMBER(incident, id, id, TEXT, REQUIRED)},
    {INCIDENT(code, TEXT)},
    {INCIDENT(component, TEXT)},
    {INCIDENT(state, ENUM), .names = &states},
    {INCIDENT(priority, ENUM), .names = &priorities},
    {INCIDENT(owner, TEXT)},
    {INCIDENT(headline, TEXT)},
    {INCIDENT(cause, TEXT)},
    {GROUP(why, why_fields)},
    {INCIDENT(consequence, TEXT)},
    {INCIDENT(action, TEXT)},
    {INCIDENT(respond_within_s, U32)},
    {INCIDENT(scope, RECORD), .members = &scope_fields},
    {INCIDENT(since, TIME)},
    {INCIDENT(detected_at, TIME)},
    {INCIDENT(confidence, RATIO)},
    {LIST(alternatives, alternative_count, alternative_fields)},
    {LIST(ruled_out, ruled_out_count, ruled_out_fields)},
    {LIST(evidence, evidence_count, evidence_fields)},
    {LIST(timeline, timeline_count, timeline_fields)},
    {GROUP(acknowledged, acknowledged_fields)},
    {INCIDENT(told_at, TIME_IF), .count_offset = offsetof(struct incident, told)},
    {INCIDENT(resolved_at, TIME)},
    {INCIDENT(closed_at, TIME)},
};
static const struct field_set incident_fields = {FIELD_SET(incident_rows, incident)};

void json_write_incident(struct text *out, const struct incident *incident)
{
    json_write_object(out, &incident_fields, incident);
}

enum status json_read_incident(const char *json, size_t size, struct incident *ret,
                               char problem[TEXT_SIZE])
{
    return json_read_document(&incident_fields, json, size, ret, problem);
}

void json_write_transition(struct text *out, struct wall_time t, enum transition transition,
                           bool annunciated, const struct incident *incident)
{
    text_append(out, "{\"t\":");
    json_write_seconds(out, t);
    text_append(out, ",\"transition\":");
    json_write_string(out, transition_name(transition));
    text_append(out, annunciated ? ",\"annunciated\":true," : ",\"annunciated\":false,");
    json_write_members(out, &incident_fields, incident);
    text_append(out, "}");
}

#define STATUS_INCIDENT(word, kind) PLAIN(site_status_incident, word, kind)
static const struct field status_incident_rows[] = {
    {MEMBER(site_status_incident, id, id, TEXT, REQUIRED)},
    {STATUS_INCIDENT(code, TEXT)},
    {STATUS_INCIDENT(component, TEXT)},
    {STATUS_INCIDENT(headline, TEXT)},
    {STATUS_INCIDENT(since, TIME)},
    {STATUS_INCIDENT(owner, TEXT)},
    {STATUS_INCIDENT(scope, RECORD), .members = &scope_fields},
};
static const struct field_set status_incident_fields = {
    FIELD_SET(status_incident_rows, site_status_incident)};

static const struct field status_maintenance_rows[] = {
    {PLAIN(site_status_maintenance, component, TEXT)},
    {PLAIN(site_status_maintenance, until, TIME)},
};
static const struct field_set status_maintenance_fields = {
    FIELD_SET(status_maintenance_rows, site_status_maintenance)};

static const struct field status_rows[] = {
    {PLAIN(site_status, as_of, TIME)},
    {PLAIN(site_status, valid_for_s, U32)},
    {FIELD_NAME("incidents"), FIELD_ARRAY(site_status, incidents, incident_count),
     .type = FIELD_RECORDS, .members = &status_incident_fields},
    {FIELD_NAME("maintenance"), FIELD_ARRAY(site_status, maintenance, maintenance_count),
     .type = FIELD_RECORDS, .members = &status_maintenance_fields},
};
static const struct field_set status_fields = {FIELD_SET(status_rows, site_status)};

void json_write_site_status(struct text *out, const struct site_status *status)
{
    json_write_object(out, &status_fields, status);
}

enum status json_read_site_status(const char *json, size_t size, struct site_status *ret,
                                  char problem[TEXT_SIZE])
{
    return json_read_document(&status_fields, json, size, ret, problem);
}

static const struct field collector_rows[] = {
    {PLAIN(collector_life, online, BOOL)},
    {MEMBER(collector_life, version, version, TEXT, CUT)},
    {PLAIN(collector_life, started_at, TIME)},
};
static const struct field_set collector_fields = {FIELD_SET(collector_rows, collector_life)};

void json_write_collector(struct text *out, const struct collector_life *life)
{
    json_write_object(out, &collector_fields, life);
}

enum status json_read_collector(const char *json, size_t size, struct collector_life *ret,
                                char problem[TEXT_SIZE])
{
    return json_read_document(&collector_fields, json, size, ret, problem);
}
