// SPDX-License-Identifier: Apache-2.0
// Off on purpose: whether silence is usual now, and what is learned of that.
//
// A station was off when it said so, or when it comes back from a boot: then the time in which it
// was not heard counts as off. One that comes back without a boot was cut off, and nothing is
// learned from that: an incident never becomes a habit. On is what is heard at the end of a quarter
// of an hour.
#include "collector/core/fleet_state.h"

#include "base/text.h"
#include "collector/core/calendar.h"

#include <stdlib.h>
#include <string.h>

enum {
    MINUTE_MS = 60000,
    PUNCTUAL_MS = 2000,          // a minute that ends otherwise saw the wall clock jump
    LINE_LOOK_S = 10,            // by then a line that is switched off is silent as a whole
    LINE_HABITS_MIN = 2,         // of stations, before it is their line's
    HABIT_GAP_MAX_S = 7 * 86400, // longer is a shutdown, not a habit
    DAY_MS = 86400000,
    // How long after it turned overdue a silent node counts as lost.
    LOST_AFTER_MS = 7500,
    LOST_AFTER_WILL_MS = 2000
};

static const char habit_key[] = "habit:";

static const char *label_of(const struct node *node, const char *key)
{
    for (uint32_t i = 0; i < node->label_count; i++)
        if (text_equal(node->labels[i].key, key))
            return node->labels[i].value;
    return "";
}

static bool is_station(const struct node *node)
{
    return node->role != ROLE_SERVER && node->presence != PRESENCE_PENDING;
}

static struct wall_time later(struct wall_time at, int quarters)
{
    return (struct wall_time){at.ms + (int64_t)quarters * QUARTER_MS};
}

static uint32_t quarter_at(const struct fleet *fleet, struct wall_time at)
{
    struct local_time local = local_time_at(&fleet->config->zone, at);
    return local_time_quarter(&local);
}

// ---- lines -----------------------------------------------------------------------------------

static uint32_t find_line(struct fleet *fleet, const struct node *node)
{
    static const char *const keys[] = {"line", "area"};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        const char *value = label_of(node, keys[i]);
        char name[COMPONENT_SIZE];
        struct text text;
        uint32_t line;
        if (value[0] == '\0')
            continue;
        text_init(&text, name, sizeof name);
        text_printf(&text, "%s=%s", keys[i], value);
        return name_table_add(fleet->line_names, name, &line) == STATUS_OK ? line : NAME_NONE;
    }
    return NAME_NONE;
}

// NULL: it belongs to none.
static struct fleet_line *line_of(struct fleet *fleet, uint32_t index)
{
    struct node *node = &fleet->nodes[index];
    if (node->line_found != node->attached) {
        node->line = find_line(fleet, node);
        node->line_found = node->attached;
    }
    return node->attached == 0 || node->line == NAME_NONE ? NULL : &fleet->lines[node->line];
}

static void count_lines(struct fleet *fleet)
{
    for (uint32_t i = 0; i < name_table_count(fleet->line_names); i++)
        fleet->lines[i].stations = fleet->lines[i].on = 0;
    for (uint32_t i = 0; i < name_table_count(fleet->names); i++) {
        const struct node *node = &fleet->nodes[i];
        struct fleet_line *line = is_station(node) ? line_of(fleet, i) : NULL;
        if (line == NULL || node->presence == PRESENCE_UNKNOWN)
            continue;
        line->stations++;
        line->on += node->presence == PRESENCE_ON ? 1 : 0;
    }
}

static bool stays_on(const struct fleet_line *line)
{
    return line->on > 0 && line->on * 2 >= line->stations;
}

// ---- habits ----------------------------------------------------------------------------------

// Usually off now or within the next quarter of an hour.
static bool habit_says_off(const struct fleet *fleet, const struct node *node, struct wall_time at)
{
    return node->habit != NULL && (week_pattern_off(node->habit, quarter_at(fleet, at)) ||
                                   week_pattern_off(node->habit, quarter_at(fleet, later(at, 1))));
}

static bool habit_says_on(const struct fleet *fleet, const struct node *node, struct wall_time at)
{
    return node->habit != NULL && week_pattern_on(node->habit, quarter_at(fleet, at));
}

// What most of a line's stations do is the line's habit.
static void judge_lines(struct fleet *fleet, struct wall_time at)
{
    uint32_t lines = name_table_count(fleet->line_names);
    struct votes {
        uint32_t off, on;
    } *votes = calloc((size_t)lines + 1, sizeof *votes);
    for (uint32_t i = 0; votes != NULL && i < name_table_count(fleet->names); i++) {
        const struct node *node = &fleet->nodes[i];
        struct fleet_line *line = is_station(node) ? line_of(fleet, i) : NULL;
        if (line == NULL || node->line >= lines)
            continue;
        if (habit_says_off(fleet, node, at))
            votes[node->line].off++;
        else if (habit_says_on(fleet, node, at))
            votes[node->line].on++;
    }
    for (uint32_t i = 0; fleet->lines != NULL && i < lines; i++) // no votes: no memory for them
        fleet->lines[i].usually_off =
            votes != NULL && votes[i].off >= LINE_HABITS_MIN && votes[i].off >= 3 * votes[i].on;
    free(votes);
}

static void learn(struct fleet *fleet, struct node *node, struct wall_time quarter, bool on,
                  bool habit_of_day)
{
    struct local_time local = local_time_at(&fleet->config->zone, quarter);
    if (local.again) // an hour that comes twice in a night is still one night
        return;
    if (node->habit == NULL)
        node->habit = calloc(1, sizeof *node->habit);
    if (node->habit != NULL && // else out of memory: the next one is learned again
        week_pattern_see(node->habit, local_time_quarter(&local), on, habit_of_day))
        node->habit_changed = true;
}

// It was off from when it was last heard until now.
static void learn_off(struct fleet *fleet, struct node *node, struct instant now)
{
    struct mono_time from =
        mono_max(node->heard ? node->heard_at : fleet->started, fleet->listening_since);
    struct duration gap = mono_sub(now.mono, from);
    if (gap.us > duration_s(HABIT_GAP_MAX_S).us)
        return;
    int64_t since_ms = now.wall.ms - duration_to_ms(gap);
    int64_t quarter = since_ms - since_ms % QUARTER_MS;
    for (; quarter + QUARTER_MS <= now.wall.ms; quarter += QUARTER_MS)
        // Off for days, it says nothing more of the time of day.
        learn(fleet, node, (struct wall_time){quarter}, false,
              quarter + QUARTER_MS - since_ms <= DAY_MS);
}

static void learn_on(struct fleet *fleet, struct mono_time now, struct wall_time quarter)
{
    struct duration length = duration_ms(QUARTER_MS);
    if (!fleet->link_up || mono_sub(now, fleet->listening_since).us < length.us)
        return;
    for (uint32_t i = 0; i < name_table_count(fleet->names); i++) {
        struct node *node = &fleet->nodes[i];
        if (is_station(node) && node->presence == PRESENCE_ON)
            learn(fleet, node, quarter, true, true);
    }
}

void presence_compare(struct node *node, uint64_t incarnation, const char *boot_id)
{
    bool boots_known = boot_id != NULL && boot_id[0] != '\0' && node->boot_id[0] != '\0';
    bool starts_known = incarnation != 0 && node->incarnation != 0;
    node->came_anew = boots_known ? !text_equal(node->boot_id, boot_id)
                                  : starts_known && incarnation != node->incarnation;
}

void presence_returned(struct fleet *fleet, uint32_t index, struct instant now)
{
    struct node *node = &fleet->nodes[index];
    bool said = node->presence == PRESENCE_OFF && (node->offline_reason == OFFLINE_SHUTDOWN ||
                                                   node->offline_reason == OFFLINE_SUSPEND);
    bool was_off = said || node->came_anew;
    if (was_off && is_station(node) && node->presence != PRESENCE_ON)
        learn_off(fleet, node, now);
    node->came_anew = node->presumed_by_line = false;
}

// ---- silence ---------------------------------------------------------------------------------

static enum calendar_state calendar_of(const struct fleet *fleet, const struct node *node,
                                       struct wall_time at)
{
    return calendar_at(fleet->config, label_of(node, "area"), at);
}

bool presence_is_off_on_purpose(struct fleet *fleet, uint32_t index, struct instant now)
{
    struct node *node = &fleet->nodes[index];
    if (!is_station(node))
        return false;
    if (calendar_of(fleet, node, now.wall) == CALENDAR_OFF || habit_says_off(fleet, node, now.wall))
        return true;
    const struct fleet_line *line = line_of(fleet, index);
    if (line == NULL || !line->usually_off ||
        (habit_says_on(fleet, node, now.wall) && habit_says_on(fleet, node, later(now.wall, 1))))
        return false;
    // Alone it would be a loss. Its line shows within moments: all of it turns overdue within an
    // interval.
    node->presumed_by_line = true;
    struct duration soon = {duration_s(LINE_LOOK_S).us + node->interval.us};
    if (mono_is_never(fleet->line_look.due))
        fleet_watch(fleet, LINES_DEADLINE, mono_add(now.mono, soon));
    return true;
}

void presence_look_at_lines(struct fleet *fleet, struct instant now)
{
    fleet->line_look.due = MONO_NEVER;
    count_lines(fleet);
    for (uint32_t i = 0; i < name_table_count(fleet->names); i++) {
        struct node *node = &fleet->nodes[i];
        if (!node->presumed_by_line || node->presence != PRESENCE_PRESUMED_OFF)
            continue;
        const struct fleet_line *line = line_of(fleet, i);
        if (line != NULL && stays_on(line))
            fleet_watch(fleet, i, now.mono);
        else
            node->presumed_by_line = false;
    }
}

static void turn_silent(struct fleet *fleet, uint32_t index, struct mono_time now,
                        struct sightings *out)
{
    struct node *node = &fleet->nodes[index];
    bool server = node->role == ROLE_SERVER;
    // Who was off all night and should be on by now is missing since now.
    bool missing = node->presence == PRESENCE_PRESUMED_OFF && !node->presumed_by_line;
    node->silent_since = missing ? now : node->heard ? node->heard_at : fleet->started;
    node->presence = PRESENCE_SILENT;
    node->presumed_by_line = false;
    node->silent_at = now;
    sight(out, (struct sighting){.symptom = server ? SYMPTOM_SERVER_OVERDUE : SYMPTOM_LIFE_OVERDUE,
                                 .node = index,
                                 .component = NAME_NONE,
                                 .since = node->silent_since});
    // A will heard says that the connection broke: less patience is needed.
    fleet_watch(fleet, index,
                mono_add(now, duration_ms(node->will_heard ? LOST_AFTER_WILL_MS : LOST_AFTER_MS)));
}

void presence_due(struct fleet *fleet, uint32_t index, struct instant at, struct sightings *out)
{
    struct node *node = &fleet->nodes[index];
    bool server = node->role == ROLE_SERVER;
    node->due = MONO_NEVER;
    if (!fleet->link_up) // silence means nothing while we hear nobody; fleet_link looks again
        return;
    if (node->presence == PRESENCE_ON || (node->presence == PRESENCE_UNKNOWN && node->expected)) {
        if (presence_is_off_on_purpose(fleet, index, at))
            node->presence = PRESENCE_PRESUMED_OFF;
        else
            turn_silent(fleet, index, at.mono, out);
    } else if (node->presence == PRESENCE_PRESUMED_OFF) { // looked at again, and missed
        turn_silent(fleet, index, at.mono, out);
    } else if (node->presence == PRESENCE_SILENT && !node->resolved_lost) {
        node->resolved_lost = true;
        sight(out, (struct sighting){.symptom = server ? SYMPTOM_SERVER_LOST : SYMPTOM_LIFE_LOST,
                                     .node = index,
                                     .component = NAME_NONE,
                                     .since = node->silent_since});
    }
}

void fleet_recount_silent(struct fleet *fleet, struct instant now, uint32_t component)
{
    for (uint32_t i = 0; i < name_table_count(fleet->names); i++) {
        struct node *node = &fleet->nodes[i];
        if (node->presence != PRESENCE_SILENT || !fleet_covers(fleet, i, component))
            continue;
        node->resolved_lost = false;
        fleet_watch(fleet, i, mono_add(now.mono, duration_ms(LOST_AFTER_MS)));
    }
}

static bool is_expected(const struct fleet *fleet, const struct node *node, struct wall_time at)
{
    enum calendar_state calendar = calendar_of(fleet, node, at);
    if (calendar == CALENDAR_OFF || habit_says_off(fleet, node, at))
        return false;
    return calendar == CALENDAR_WORKING || habit_says_on(fleet, node, at);
}

// Who should be on again for half an hour, and whose line is, is missing.
static void look_for_missing(struct fleet *fleet, struct instant now)
{
    for (uint32_t i = 0; i < name_table_count(fleet->names); i++) {
        struct node *node = &fleet->nodes[i];
        const struct fleet_line *line =
            node->presence == PRESENCE_PRESUMED_OFF ? line_of(fleet, i) : NULL;
        if (line != NULL && stays_on(line) && is_expected(fleet, node, later(now.wall, -2)) &&
            is_expected(fleet, node, later(now.wall, -1)) && is_expected(fleet, node, now.wall))
            fleet_watch(fleet, i, now.mono);
    }
}

// ---- the minute ------------------------------------------------------------------------------

// Each node has its minute of the hour: so that not all are written at once, and none more often.
static void remember(struct fleet *fleet, uint32_t minute_of_hour)
{
    for (uint32_t i = minute_of_hour; i < name_table_count(fleet->names); i += 60) {
        struct node *node = &fleet->nodes[i];
        char key[MEMORY_KEY_SIZE], value[WEEK_PATTERN_TEXT_SIZE];
        struct text text;
        if (!node->habit_changed)
            continue;
        text_init(&text, key, sizeof key);
        text_printf(&text, "%s%s", habit_key, fleet_node_name(fleet, i));
        week_pattern_write(node->habit, value);
        if (memory_put(&fleet->memory, key, value) == STATUS_OK)
            node->habit_changed = false;
    }
}

static void await_minute(struct fleet *fleet, struct instant now, int64_t minute)
{
    struct duration wait = duration_ms(minute * MINUTE_MS - now.wall.ms);
    fleet_watch(fleet, MINUTE_DEADLINE, mono_add(now.mono, wait));
}

void presence_start(struct fleet *fleet, struct instant now)
{
    await_minute(fleet, now, now.wall.ms / MINUTE_MS + 1);
}

void presence_minute(struct fleet *fleet, struct instant now)
{
    int64_t minute = (now.wall.ms + MINUTE_MS / 2) / MINUTE_MS;
    int64_t late_ms = now.wall.ms - minute * MINUTE_MS;
    if (late_ms < -PUNCTUAL_MS || late_ms > PUNCTUAL_MS) {
        presence_start(fleet, now);
        return;
    }
    struct instant sharp = {now.mono, {minute * MINUTE_MS}};
    if (minute % 15 == 0) {
        learn_on(fleet, sharp.mono, later(sharp.wall, -1));
        count_lines(fleet);
        judge_lines(fleet, sharp.wall);
        if (fleet->link_up)
            look_for_missing(fleet, sharp);
    }
    remember(fleet, (uint32_t)(minute % 60));
    services_remember(fleet, (uint32_t)(minute % 60));
    await_minute(fleet, now, minute + 1);
}

// ---- memory ----------------------------------------------------------------------------------

struct memory *fleet_memory(struct fleet *fleet)
{
    return &fleet->memory;
}

enum status fleet_restore_memory(struct fleet *fleet, const char *key, const char *text)
{
    size_t prefix = sizeof habit_key - 1;
    uint32_t index = strncmp(key, habit_key, prefix) == 0
                         ? name_table_find(fleet->names, key + prefix)
                         : NAME_NONE;
    struct week_pattern habit;
    if (index == NAME_NONE)
        return services_restore(fleet, key, text);
    if (!week_pattern_read(text, &habit))
        return STATUS_INVALID;
    struct node *node = &fleet->nodes[index];
    if (node->habit == NULL)
        node->habit = malloc(sizeof *node->habit);
    if (node->habit == NULL)
        return STATUS_NO_MEMORY;
    *node->habit = habit;
    return STATUS_OK;
}
