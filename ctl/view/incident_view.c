// SPDX-License-Identifier: Apache-2.0
// The incident as a page of text.
#include "ctl/view/incident_view.h"

#include "base/text.h"

#include <inttypes.h>
#include <string.h>

enum { LONG_TEXT_SIZE = 4096, NEARLY_CERTAIN_PERCENT = 99 };

static void view_head(const struct terminal *terminal, const struct incident *incident)
{
    char line[LONG_TEXT_SIZE];
    snprintf(line, sizeof line, "%s  %s  %s", priority_name(incident->priority), incident->code,
             incident->component);
    terminal_print(terminal, style_of_priority(incident->priority), line);
    snprintf(line, sizeof line, "  [%s]  %s\n", incident_state_name(incident->state), incident->id);
    terminal_print(terminal, STYLE_DIM, line);
    terminal_print(terminal, STYLE_BOLD, incident->headline);
    fputs("\n\n", terminal->file);
}

static void view_why(const struct terminal *terminal, const struct incident *incident)
{
    char line[LONG_TEXT_SIZE] = "";
    if (incident->why_code[0] != '\0')
        snprintf(line, sizeof line, "%s (%s)", incident->why_text, incident->why_code);
    terminal_field(terminal, "Why", line);
}

static void view_scope(const struct terminal *terminal, const struct incident_scope *scope)
{
    char buffer[LONG_TEXT_SIZE];
    struct text line;
    text_init(&line, buffer, sizeof buffer);
    text_printf(&line, "%" PRIu32 " of %" PRIu32 " stations at risk", scope->affected,
                scope->total);
    text_printf(&line, ", %" PRIu32 " with evidence of their own", scope->confirmed);
    for (uint32_t i = 0; i < scope->label_count; i++)
        text_printf(&line, "%s %s: %" PRIu32, i == 0 ? ";" : ",", scope->by_label[i].label,
                    scope->by_label[i].affected);
    terminal_field(terminal, "Scope", buffer);
}

static void view_since(const struct terminal *terminal, const struct incident *incident)
{
    char line[LONG_TEXT_SIZE], since[CLOCK_TEXT_SIZE], took[DURATION_TEXT_SIZE];
    int64_t delay_ms = incident->detected_at.ms - incident->since.ms;
    if (delay_ms < 1000)
        snprintf(took, sizeof took, "%" PRId64 " ms", delay_ms < 0 ? 0 : delay_ms);
    else
        duration_format(duration_ms(delay_ms), took);
    snprintf(line, sizeof line, "%s, found %s later", clock_text(incident->since, since), took);
    terminal_field(terminal, "Since", line);
    if (wall_known(incident->resolved_at)) {
        char lasted[DURATION_TEXT_SIZE];
        duration_format(duration_ms(incident->resolved_at.ms - incident->since.ms), lasted);
        snprintf(line, sizeof line, "%s, after %s", clock_text(incident->resolved_at, since),
                 lasted);
        terminal_field(terminal, "Resolved", line);
    }
}

static void view_owner(const struct terminal *terminal, const struct incident *incident)
{
    char line[LONG_TEXT_SIZE], within[DURATION_TEXT_SIZE];
    snprintf(line, sizeof line, "%s%s%s", incident->owner,
             incident->respond_within_s == 0 ? "" : ", has to respond within ",
             incident->respond_within_s == 0
                 ? ""
                 : duration_format(duration_s(incident->respond_within_s), within));
    terminal_field(terminal, "Owner", line);
    if (incident->acknowledged_by[0] == '\0')
        return;
    char at[CLOCK_TEXT_SIZE];
    snprintf(line, sizeof line, "by %s at %s %s", incident->acknowledged_by,
             clock_text(incident->acknowledged_at, at), incident->acknowledged_comment);
    terminal_field(terminal, "Acknowledged", line);
}

static void heading(const struct terminal *terminal, const char *text)
{
    fputc('\n', terminal->file);
    terminal_print(terminal, STYLE_BOLD, text);
    fputc('\n', terminal->file);
}

static void view_ruled_out(const struct terminal *terminal, const struct incident *incident)
{
    if (incident->ruled_out_count > 0)
        heading(terminal, "Ruled out");
    for (uint32_t i = 0; i < incident->ruled_out_count; i++) {
        const struct incident_ruled_out *item = &incident->ruled_out[i];
        char line[LONG_TEXT_SIZE];
        bool has_path = item->path[0] != '\0' && strcmp(item->path, item->component) != 0;
        snprintf(line, sizeof line, "%s %s%s%s: %s", item->code, item->component,
                 has_path ? ", by " : "", has_path ? item->path : "", item->because);
        terminal_item(terminal, line);
    }
}

static void view_alternatives(const struct terminal *terminal, const struct incident *incident)
{
    if (incident->alternative_count == 0)
        return;
    int percent = (int)(incident->confidence * 100 + 0.5);
    char line[LONG_TEXT_SIZE];
    heading(terminal, "Not told apart from it");
    snprintf(line, sizeof line, "%d %%  %s %s (this one)",
             percent > NEARLY_CERTAIN_PERCENT ? NEARLY_CERTAIN_PERCENT : percent, incident->code,
             incident->component);
    terminal_item(terminal, line);
    for (uint32_t i = 0; i < incident->alternative_count; i++) {
        const struct incident_alternative *item = &incident->alternatives[i];
        snprintf(line, sizeof line, "%d %%  %s %s", (int)(item->probability * 100 + 0.5),
                 item->code, item->component);
        terminal_item(terminal, line);
    }
}

static void view_evidence(const struct terminal *terminal, const struct incident *incident)
{
    if (incident->evidence_count > 0)
        heading(terminal, "Evidence");
    for (uint32_t i = 0; i < incident->evidence_count; i++) {
        const struct incident_evidence *item = &incident->evidence[i];
        char line[LONG_TEXT_SIZE];
        snprintf(line, sizeof line, "%s%s%s", item->node, item->node[0] == '\0' ? "" : ": ",
                 item->text);
        terminal_item(terminal, line);
    }
}

static void view_timeline(const struct terminal *terminal, const struct incident *incident)
{
    if (incident->timeline_count > 0)
        heading(terminal, "Timeline");
    for (uint32_t i = 0; i < incident->timeline_count; i++) {
        const struct incident_timeline_entry *entry = &incident->timeline[i];
        char at[CLOCK_TEXT_SIZE];
        fprintf(terminal->file, "  %s  %s\n", clock_time_text(entry->at, at), entry->text);
    }
    if (incident->timeline_dropped > 0)
        fprintf(terminal->file, "  (%" PRIu32 " entries in the middle were dropped)\n",
                incident->timeline_dropped);
}

void incident_view(const struct terminal *terminal, const struct incident *incident)
{
    view_head(terminal, incident);
    view_why(terminal, incident);
    terminal_field(terminal, "Cause", incident->cause);
    terminal_field(terminal, "Consequence", incident->consequence);
    view_scope(terminal, &incident->scope);
    view_since(terminal, incident);
    view_owner(terminal, incident);
    terminal_field(terminal, "Action", incident->action);
    view_ruled_out(terminal, incident);
    view_alternatives(terminal, incident);
    view_evidence(terminal, incident);
    view_timeline(terminal, incident);
}

void incident_view_brief(const struct terminal *terminal, const struct incident *incident)
{
    char since[CLOCK_TEXT_SIZE], line[LONG_TEXT_SIZE];
    terminal_print(terminal, style_of_priority(incident->priority),
                   priority_name(incident->priority));
    fputs("  ", terminal->file);
    terminal_print(terminal, STYLE_BOLD, incident->headline);
    snprintf(line, sizeof line,
             "\n  %s, since %s, %" PRIu32 " of %" PRIu32 " stations, owner %s, %s\n", incident->id,
             clock_text(incident->since, since), incident->scope.affected, incident->scope.total,
             incident->owner, incident_state_name(incident->state));
    terminal_print(terminal, STYLE_DIM, line);
}
