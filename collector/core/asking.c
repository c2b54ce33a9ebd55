// SPDX-License-Identifier: Apache-2.0
// The one question that the core asks.
#include "collector/core/asking.h"

#include "base/text.h"

#include <inttypes.h>

enum { COMMAND_VALID_S = 30 };

void ask_resync(struct effect_list *effects, const char *node, struct instant now)
{
    struct effect effect = {.kind = EFFECT_COMMAND, .node = node};
    struct text id;
    text_init(&id, effect.command.id, sizeof effect.command.id);
    text_printf(&id, "resync-%" PRId64 "-%" PRIu64, now.wall.ms, effects->total);
    text_set(effect.command.action, "resync");
    effect.command.expires_at_ms = wall_add(now.wall, duration_s(COMMAND_VALID_S)).ms;
    effect_list_add(effects, &effect);
}
