// SPDX-License-Identifier: Apache-2.0
// Figures behind signs, found by the sign that a cause predicts.
#include "collector/core/fact.h"

#include <string.h>

enum { MINUTE_MS = 60000, HOUR_S = 3600, DATE_LENGTH = 10 };

// ---- disk ------------------------------------------------------------------------------------

static void describe_room(const struct order_disk *disk, struct text *out)
{
    static const struct {
        double bytes;
        const char *name;
    } units[] = {{1e12, "TB"}, {1e9, "GB"}, {1e6, "MB"}, {1, "bytes"}};
    size_t unit = 0;
    while (unit < 3 && (double)disk->total_bytes < units[unit].bytes)
        unit++;
    double free = (double)disk->free_bytes / units[unit].bytes;
    double total = (double)disk->total_bytes / units[unit].bytes;
    int digits = free >= 100 || unit == 3 ? 0 : free > 0 && free < 0.1 ? 3 : 1;
    text_printf(out, "%.*f of %.0f %s free", free > 0 ? digits : 0, free, total, units[unit].name);
}

static void describe_disk(const struct fleet *fleet, uint32_t component, struct text *out)
{
    // Kept with the first service of the server, which is the one that is found.
    uint32_t number = fleet_service_of(fleet, component);
    if (number == NAME_NONE || fleet_service(fleet, number)->disk.total_bytes == 0) {
        text_append(out, "its figures were not told");
        return;
    }
    const struct order_disk *disk = &fleet_service(fleet, number)->disk;
    describe_room(disk, out);
    int64_t left_s = disk->full_in.us / 1000000;
    if (left_s <= 0 || disk->free_bytes == 0)
        return;
    if (left_s < 2 * HOUR_S)
        text_printf(out, ", full in about %d minutes", (int)((left_s + 30) / 60));
    else
        text_printf(out, ", full in about %d hours", (int)((left_s + HOUR_S / 2) / HOUR_S));
}

// ---- clock -----------------------------------------------------------------------------------

// The collector's own error is that of the others beside it, turned round.
static int64_t collector_ahead_ms(const struct fleet *fleet)
{
    for (uint32_t i = 0; i < fleet_node_count(fleet); i++)
        if (fleet_node(fleet, i)->condition.skewed)
            return -fleet_node(fleet, i)->condition.ahead_ms;
    return 0;
}

static void describe_clock(const struct fleet *fleet, uint32_t component, struct text *out)
{
    const struct component *of = components_get(fleet_components(fleet), component);
    bool node = of->kind != COMPONENT_COLLECTOR && of->owner != NAME_NONE;
    int64_t ahead =
        node ? fleet_node(fleet, of->owner)->condition.ahead_ms : collector_ahead_ms(fleet);
    const char *side = ahead < 0 ? "behind" : "ahead";
    int64_t minutes = (ahead < 0 ? -(ahead / MINUTE_MS) : ahead / MINUTE_MS);
    if (minutes < 120)
        text_printf(out, "%d min %s", (int)minutes, side);
    else if (minutes < (int64_t)48 * 60)
        text_printf(out, "%d hours %s", (int)(minutes / 60), side);
    else
        text_printf(out, "%lld days %s", (long long)(minutes / (24 * 60)), side);
}

// ---- start mode, certificates ----------------------------------------------------------------

static void describe_start(const struct fleet *fleet, uint32_t component, struct text *out)
{
    uint32_t number = fleet_service_of(fleet, component);
    enum start_mode mode =
        number == NAME_NONE ? START_UNSPECIFIED : fleet_service(fleet, number)->report.start_mode;
    text_append(out, mode == START_DISABLED ? "disabled"
                     : mode == START_MANUAL ? "manual"
                                            : "automatic");
}

static void describe_certificates(const struct fleet *fleet, uint32_t component, struct text *out)
{
    const struct certificates *certificates = fleet_certificates(fleet);
    char date[WALL_TEXT_SIZE];
    (void)component;
    if (certificates->count == 0) {
        text_append(out, "none any more");
        return;
    }
    const struct node *first = fleet_node(fleet, certificates->first);
    wall_format((struct wall_time){first->certificate_expires_at_ms}, date);
    if (strlen(date) > DATE_LENGTH)
        date[DATE_LENGTH] = '\0';
    const char *name = fleet_node_name(fleet, certificates->first);
    if (certificates->count == 1)
        text_printf(out, "1 node, %s, on %s", name, date);
    else
        text_printf(out, "%u nodes, the first, %s, on %s", certificates->count, name, date);
}

// ---- the door --------------------------------------------------------------------------------

void fact_describe(const struct fleet *fleet, const struct cause *cause, uint32_t component,
                   struct text *out)
{
    static const struct {
        enum symptom sign;
        void (*describe)(const struct fleet *fleet, uint32_t component, struct text *out);
    } facts[] = {
        {SYMPTOM_DISK_FULL, describe_disk},
        {SYMPTOM_DISK_FILLING, describe_disk},
        {SYMPTOM_CLOCK_SKEWED, describe_clock},
        {SYMPTOM_START_UNSURE, describe_start},
        {SYMPTOM_CERTIFICATE_EXPIRING, describe_certificates},
    };
    for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++)
        if (cause->predicts[facts[i].sign] > 0.5) {
            facts[i].describe(fleet, component, out);
            return;
        }
}
