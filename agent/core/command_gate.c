// SPDX-License-Identifier: Apache-2.0
// The checks that stand before every command.
#include "agent/core/command_gate.h"

#include "base/text.h"

static const char *const action_names[] = {
    [COMMAND_RESYNC] = "resync",
    [COMMAND_PROBE] = "probe",
    [COMMAND_START_SERVICE] = "start_service",
};

static const char *const verdict_texts[COMMAND_VERDICT_COUNT] = {
    [COMMAND_ACCEPTED] = "it is accepted",
    [COMMAND_RETAINED] = "it was retained, so its age is unknown",
    [COMMAND_WITHOUT_ID] = "it has no id",
    [COMMAND_EXPIRED] = "it has expired",
    [COMMAND_REPEATED] = "its id was used before",
    [COMMAND_UNKNOWN] = "its action is not one of resync, probe, start_service",
};

void command_gate_init(struct command_gate *gate)
{
    *gate = (struct command_gate){0};
}

static bool was_seen(const struct command_gate *gate, const char *id)
{
    for (int i = 0; i < COMMAND_GATE_REMEMBERED; i++) {
        if (text_equal(gate->seen[i], id))
            return true;
    }
    return false;
}

static bool find_action(const char *name, enum command_action *ret_action)
{
    for (int i = COMMAND_RESYNC; i <= COMMAND_START_SERVICE; i++) {
        if (text_equal(action_names[i], name)) {
            *ret_action = (enum command_action)i;
            return true;
        }
    }
    return false;
}

enum command_verdict command_gate_check(struct command_gate *gate, const struct command *command,
                                        bool retained, struct instant now,
                                        enum command_action *ret_action)
{
    if (retained)
        return COMMAND_RETAINED;
    if (command->id[0] == '\0')
        return COMMAND_WITHOUT_ID;
    // Compared this way round so that no expiry can overflow.
    if (command->expires_at_ms < now.wall.ms - COMMAND_TOLERANCE_MS)
        return COMMAND_EXPIRED;
    if (was_seen(gate, command->id))
        return COMMAND_REPEATED;
    if (!find_action(command->action, ret_action))
        return COMMAND_UNKNOWN;
    text_set(gate->seen[gate->next], command->id);
    gate->next = (gate->next + 1) % COMMAND_GATE_REMEMBERED;
    return COMMAND_ACCEPTED;
}

const char *command_verdict_text(enum command_verdict verdict)
{
    return (size_t)verdict < COMMAND_VERDICT_COUNT ? verdict_texts[verdict] : "unknown verdict";
}
