// SPDX-License-Identifier: Apache-2.0
// The log as a sink: one clear block per alert, one log line per fact.
#include "base/text.h"
#include "collector/shell/sink.h"
#include "runtime/log.h"

// One proof can rule out several causes: it is told once.
static bool is_first(const struct incident *incident, uint32_t index)
{
    for (uint32_t i = 0; i < index; i++)
        if (text_equal(incident->ruled_out[i].because, incident->ruled_out[index].because))
            return false;
    return true;
}

static void write_facts(const struct incident *incident)
{
    const struct incident_scope *scope = &incident->scope;
    log_warning("alert", "  cause:    %s", incident->cause);
    if (incident->why_code[0] != '\0')
        log_warning("alert", "  why:      %s", incident->why_text);
    log_warning("alert", "  scope:    %u of %u stations, %u with evidence of their own",
                scope->affected, scope->total, scope->confirmed);
    log_warning("alert", "  owner:    %s", incident->owner);
    log_warning("alert", "  action:   %s", incident->action);
    for (uint32_t i = 0; i < incident->ruled_out_count; i++)
        if (is_first(incident, i))
            log_warning("alert", "  not this: %s: %s", incident->ruled_out[i].path,
                        incident->ruled_out[i].because);
}

static void tell(struct sink *sink, enum transition transition, const struct incident *incident)
{
    (void)sink;
    char since[WALL_TEXT_SIZE];
    log_warning("alert", "%s %s: %s (%s, since %s)", incident->id, transition_name(transition),
                incident->headline, priority_name(incident->priority),
                wall_format(incident->since, since));
    if (transition == TRANSITION_OPENED || transition == TRANSITION_UPDATED)
        write_facts(incident);
}

static void close_sink(struct sink *sink)
{
    (void)sink; // static
}

struct sink *sink_log(void)
{
    static const struct sink_ops ops = {.type = "log", .tell = tell, .close = close_sink};
    static struct sink sink = {&ops}; // has no state
    return &sink;
}
