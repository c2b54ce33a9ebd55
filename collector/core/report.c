// SPDX-License-Identifier: Apache-2.0
// The post-mortem, a function a section; a section with nothing to say is left out whole.
#include "collector/core/report.h"

#include "collector/core/corrective.h"
#include "collector/core/markdown.h"
#include "collector/core/symptom.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

struct report {
    struct text *out;
    const struct incident *incident;
    int utc_offset_minutes;
    bool one_day; // every time shown is of the same local day
};

// ---- times -------------------------------------------------------------------------------------

enum { DATE_LENGTH = 10, CLOCK_LENGTH = 8 };

// "2024-11-06 06:00:05" at the site.
static void local_format(const struct report *report, struct wall_time t, char out[WALL_TEXT_SIZE])
{
    wall_format(wall_add(t, duration_s((int64_t)report->utc_offset_minutes * 60)), out);
    out[DATE_LENGTH] = ' ';
    out[DATE_LENGTH + 1 + CLOCK_LENGTH] = '\0';
}

static void append_time(const struct report *report, struct text *out, struct wall_time t)
{
    char text[WALL_TEXT_SIZE];
    local_format(report, t, text);
    text_append(out, report->one_day ? text + DATE_LENGTH + 1 : text);
}

static bool same_day(const struct report *report, struct wall_time t)
{
    char since[WALL_TEXT_SIZE], other[WALL_TEXT_SIZE];
    local_format(report, report->incident->since, since);
    local_format(report, t, other);
    return !wall_known(t) || memcmp(since, other, DATE_LENGTH) == 0;
}

static bool all_one_day(const struct report *report)
{
    const struct incident *i = report->incident;
    bool same = same_day(report, i->detected_at) && same_day(report, i->told_at) &&
                same_day(report, i->acknowledged_at) && same_day(report, i->resolved_at) &&
                same_day(report, i->closed_at);
    for (uint32_t n = 0; same && n < i->timeline_count; n++)
        same = same_day(report, i->timeline[n].at);
    return same;
}

static struct duration between(struct wall_time from, struct wall_time to)
{
    return duration_ms(to.ms - from.ms);
}

static void append_duration(struct text *out, struct duration d)
{
    char text[DURATION_TEXT_SIZE];
    text_append(out, duration_format(d, text));
}

// ---- building blocks
// -----------------------------------------------------------------------------

static void heading(struct report *report, const char *title)
{
    text_printf(report->out, "\n## %s\n\n", title);
}

static void paragraph(struct report *report, const char *foreign)
{
    if (foreign[0] == '\0')
        return;
    markdown_text(report->out, foreign);
    text_append(report->out, "\n\n");
}

static void item(struct report *report, const char *name, const char *foreign)
{
    if (foreign[0] == '\0')
        return;
    text_printf(report->out, "- **%s:** ", name);
    markdown_text(report->out, foreign);
    text_append(report->out, "\n");
}

static void cell(struct report *report, const char *foreign)
{
    text_append(report->out, "| ");
    markdown_text(report->out, foreign[0] == '\0' ? "–" : foreign);
    text_append(report->out, " ");
}

static void end_row(struct report *report)
{
    text_append(report->out, "|\n");
}

static void table(struct report *report, const char *titles)
{
    text_printf(report->out, "| %s |\n|", titles);
    for (const char *c = titles; c != NULL; c = strchr(c + 1, '|'))
        text_append(report->out, " --- |");
    text_append(report->out, "\n");
}

// ---- sections
// --------------------------------------------------------------------------------------

static void write_title(struct report *report, const char *site)
{
    const struct incident *i = report->incident;
    text_append(report->out, "# Post-mortem ");
    markdown_text(report->out, i->id);
    if (i->headline[0] != '\0') {
        text_append(report->out, ": ");
        markdown_text(report->out, i->headline);
    }
    text_append(report->out, "\n\n");
    item(report, "Site", site);
    item(report, "State", incident_state_name(i->state));
    item(report, "Cause", i->code);
    item(report, "Component", i->component);
    item(report, "Priority", priority_name(i->priority));
    item(report, "Owner", i->owner);
    char since[WALL_TEXT_SIZE];
    local_format(report, i->since, since);
    if (report->one_day)
        text_printf(report->out, "- **Date:** %.*s\n", DATE_LENGTH, since);
    int offset = report->utc_offset_minutes;
    int size = offset < 0 ? -offset : offset;
    text_printf(report->out, "- **Times:** local, UTC%c%02d:%02d\n", offset < 0 ? '-' : '+',
                size / 60, size % 60);
}

static void write_outage(struct report *report)
{
    const struct incident *i = report->incident;
    append_time(report, report->out, i->since);
    if (wall_known(i->resolved_at)) {
        text_append(report->out, " to ");
        append_time(report, report->out, i->resolved_at);
        text_append(report->out, " (");
        append_duration(report->out, between(i->since, i->resolved_at));
        text_append(report->out, ")");
    } else {
        text_append(report->out, ", recovery not yet proven");
    }
}

static void write_summary(struct report *report)
{
    const struct incident *i = report->incident;
    heading(report, "Summary");
    paragraph(report, i->cause[0] != '\0' ? i->cause : i->headline);
    text_append(report->out, "From ");
    write_outage(report);
    if (i->scope.affected > 0)
        text_printf(report->out, ", %" PRIu32 " of %" PRIu32 " stations affected",
                    i->scope.affected, i->scope.total);
    text_append(report->out, ".\n");
}

// Evidence of kind "fetch" counts outcomes by what they were; those that ended well say so.
static uint64_t orders_not_fetched(const struct incident *incident)
{
    uint64_t sum = 0;
    for (uint32_t n = 0; n < incident->evidence_count; n++)
        if (text_equal(incident->evidence[n].kind, symptom_kind(SYMPTOM_FETCH_MISSING)) &&
            strstr(incident->evidence[n].text, symptom_text(SYMPTOM_FETCH_OK)) == NULL)
            sum += incident->evidence[n].count;
    return sum;
}

static void write_impact(struct report *report)
{
    const struct incident *i = report->incident;
    heading(report, "Impact");
    text_append(report->out, "- **Duration:** ");
    write_outage(report);
    text_append(report->out, "\n");
    if (i->scope.affected > 0)
        text_printf(report->out,
                    "- **Stations:** %" PRIu32 " of %" PRIu32 " affected, %" PRIu32
                    " with evidence of their own\n",
                    i->scope.affected, i->scope.total, i->scope.confirmed);
    uint64_t orders = orders_not_fetched(i);
    if (orders > 0)
        text_printf(report->out, "- **Orders not fetched:** %" PRIu64 " counted as evidence\n",
                    orders);
    item(report, "Consequence", i->consequence);
    if (i->scope.label_count == 0)
        return;
    text_append(report->out, "\n");
    table(report, "where | stations affected");
    for (uint32_t n = 0; n < i->scope.label_count; n++) {
        cell(report, i->scope.by_label[n].label);
        text_printf(report->out, "| %" PRIu32 " ", i->scope.by_label[n].affected);
        end_row(report);
    }
}

static void write_root_cause(struct report *report)
{
    const struct incident *i = report->incident;
    heading(report, "Root cause");
    paragraph(report, i->cause);
    item(report, "Why", i->why_text);
    item(report, "Kind of why", i->why_code);
    text_printf(report->out, "- **Confidence:** %.0f %%\n", i->confidence * 100);
}

// What set it off: the earliest stored event of the record.
static void write_trigger(struct report *report)
{
    const struct incident *i = report->incident;
    const struct incident_timeline_entry *first = NULL;
    for (uint32_t n = 0; n < i->timeline_count && first == NULL; n++)
        if (i->timeline[n].event[0] != '\0')
            first = &i->timeline[n];
    if (first == NULL)
        return;
    heading(report, "Trigger");
    append_time(report, report->out, first->at);
    text_append(report->out, ": ");
    markdown_text(report->out, first->text);
    text_append(report->out, " (event ");
    markdown_text(report->out, first->event);
    text_append(report->out, ")\n");
}

struct evidence_kind {
    const char *kind, *words;
};

static const struct evidence_kind evidence_kinds[] = {
    {"fetch", "order fetches of the stations"},
    {"share_probe", "probes of the order share"},
    {"service", "reports on the service"},
    {"heartbeat", "heartbeats"},
    {"order_output", "the service's order output"},
    {"silence", "silence of nodes"},
    {"will", "last wills"},
    {"link", "the collector's own link"},
};

static const char *kind_words(const char *kind)
{
    for (size_t n = 0; n < sizeof evidence_kinds / sizeof evidence_kinds[0]; n++)
        if (text_equal(evidence_kinds[n].kind, kind))
            return evidence_kinds[n].words;
    return kind;
}

static bool kind_seen_before(const struct incident *incident, uint32_t index)
{
    for (uint32_t n = 0; n < index; n++)
        if (text_equal(incident->evidence[n].kind, incident->evidence[index].kind))
            return true;
    return false;
}

static void write_detected_from(struct report *report)
{
    const struct incident *i = report->incident;
    const char *before = "Noticed from ";
    for (uint32_t n = 0; n < i->evidence_count; n++) {
        if (kind_seen_before(i, n))
            continue;
        text_append(report->out, before);
        markdown_text(report->out, kind_words(i->evidence[n].kind));
        before = ", ";
    }
    if (i->evidence_count > 0)
        text_append(report->out, ". ");
    text_append(report->out, i->told ? "People were told.\n"
                                     : "People were not told: it never lasted long enough, or "
                                       "telling was held back on purpose.\n");
}

// A span is shown when both its ends are known and in order: a wall clock may have been set back.
static void write_span(struct text *rows, const char *name, struct wall_time from,
                       struct wall_time to, const char *definition)
{
    if (!wall_known(from) || !wall_known(to) || to.ms < from.ms)
        return;
    text_printf(rows, "| %s | ", name);
    append_duration(rows, between(from, to));
    text_printf(rows, " | %s |\n", definition);
}

static void write_detection(struct report *report)
{
    const struct incident *i = report->incident;
    heading(report, "Detection");
    write_detected_from(report);
    char buffer[PARAGRAPH_SIZE * 2];
    struct text rows;
    text_init(&rows, buffer, sizeof buffer);
    write_span(&rows, "time to detect", i->since, i->detected_at,
               "the first sign of it … its being recognised");
    write_span(&rows, "time to tell", i->detected_at, i->told_at,
               "its being recognised … people being told");
    write_span(&rows, "time to acknowledge", i->told ? i->told_at : i->detected_at,
               i->acknowledged_at,
               i->told ? "people being told … somebody taking it"
                       : "its being recognised … somebody taking it");
    write_span(&rows, "time to recovery", i->since, i->resolved_at,
               "the first sign of it … recovery proven");
    if (rows.length == 0)
        return;
    text_append(report->out, "\n");
    table(report, "measure | value | from … to …");
    text_append(report->out, buffer);
}

static void write_timeline(struct report *report)
{
    const struct incident *i = report->incident;
    if (i->timeline_count == 0)
        return;
    heading(report, "Timeline");
    table(report, "time | what happened | stored event");
    for (uint32_t n = 0; n < i->timeline_count; n++) {
        text_append(report->out, "| ");
        append_time(report, report->out, i->timeline[n].at);
        text_append(report->out, " ");
        cell(report, i->timeline[n].text);
        cell(report, i->timeline[n].event);
        end_row(report);
    }
    if (i->timeline_dropped > 0)
        text_printf(report->out, "\n%" PRIu32 " entries of the middle were left out.\n",
                    i->timeline_dropped);
}

static void write_ruled_out(struct report *report)
{
    const struct incident *i = report->incident;
    if (i->ruled_out_count == 0)
        return;
    heading(report, "What was ruled out");
    table(report, "cause | component | path that worked | because");
    for (uint32_t n = 0; n < i->ruled_out_count; n++) {
        cell(report, i->ruled_out[n].code);
        cell(report, i->ruled_out[n].component);
        cell(report, i->ruled_out[n].path);
        cell(report, i->ruled_out[n].because);
        end_row(report);
    }
}

static void write_alternatives(struct report *report)
{
    const struct incident *i = report->incident;
    if (i->alternative_count == 0)
        return;
    heading(report, "Alternatives considered");
    table(report, "cause | component | probability");
    for (uint32_t n = 0; n < i->alternative_count; n++) {
        cell(report, i->alternatives[n].code);
        cell(report, i->alternatives[n].component);
        text_printf(report->out, "| %.0f %% ", i->alternatives[n].probability * 100);
        end_row(report);
    }
}

static void write_evidence(struct report *report)
{
    const struct incident *i = report->incident;
    if (i->evidence_count == 0)
        return;
    heading(report, "Evidence");
    table(report, "from | kind | count | what");
    for (uint32_t n = 0; n < i->evidence_count; n++) {
        cell(report, i->evidence[n].node[0] == '\0' ? "several nodes" : i->evidence[n].node);
        cell(report, i->evidence[n].kind);
        text_printf(report->out, "| %" PRIu64 " ", i->evidence[n].count);
        cell(report, i->evidence[n].text);
        end_row(report);
    }
}

// The record's word at the moment of resolution says what proved the recovery.
static const char *recovery_proof(const struct incident *incident)
{
    const char *proof = "";
    for (uint32_t n = 0; n < incident->timeline_count; n++)
        if (incident->timeline[n].at.ms == incident->resolved_at.ms)
            proof = incident->timeline[n].text;
    return proof;
}

static void write_moment(struct report *report, const char *name, struct wall_time t,
                         const char *foreign)
{
    text_printf(report->out, "- **%s:** ", name);
    append_time(report, report->out, t);
    if (foreign[0] != '\0') {
        text_append(report->out, ", ");
        markdown_text(report->out, foreign);
    }
    text_append(report->out, "\n");
}

static void write_resolution(struct report *report)
{
    const struct incident *i = report->incident;
    if (!wall_known(i->resolved_at) && !wall_known(i->acknowledged_at) && !wall_known(i->closed_at))
        return;
    heading(report, "Resolution and proof of recovery");
    if (wall_known(i->acknowledged_at)) {
        write_moment(report, "Acknowledged", i->acknowledged_at, i->acknowledged_by);
        item(report, "Comment", i->acknowledged_comment);
    }
    if (wall_known(i->resolved_at))
        write_moment(report, "Recovery proven", i->resolved_at, recovery_proof(i));
    if (wall_known(i->closed_at))
        write_moment(report, "Closed", i->closed_at, "");
}

static void write_corrective(struct report *report)
{
    char measures[PARAGRAPH_SIZE * 8];
    struct text text;
    text_init(&text, measures, sizeof measures);
    corrective_write(&text, report->incident);
    if (text.length == 0 && report->incident->action[0] == '\0')
        return;
    heading(report, "Corrective actions suggested");
    item(report, "At once, when it happens again", report->incident->action);
    text_append(report->out, measures);
}

void report_write(struct text *out, const char *site, int utc_offset_minutes,
                  const struct incident *incident)
{
    struct report report = {
        .out = out, .incident = incident, .utc_offset_minutes = utc_offset_minutes};
    report.one_day = all_one_day(&report);
    write_title(&report, site);
    write_summary(&report);
    write_impact(&report);
    write_root_cause(&report);
    write_trigger(&report);
    write_detection(&report);
    write_timeline(&report);
    write_ruled_out(&report);
    write_alternatives(&report);
    write_evidence(&report);
    write_resolution(&report);
    write_corrective(&report);
}
