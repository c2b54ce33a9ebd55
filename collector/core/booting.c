// SPDX-License-Identifier: Apache-2.0
// A server that booted: the grace of its services, the contract of its output, and how long that
// takes, as learned.
#include "collector/core/fleet_state.h"
#include "collector/core/why.h"

#include "base/hash.h"
#include "base/text.h"

#include <string.h>

enum {
    BOOT_GRACE_S = 120,         // START_AUTO; and for the output, while nothing is learned
    BOOT_GRACE_DELAYED_S = 300, // START_AUTO_DELAYED
    OUTPUT_AFTER_START_S = 30,  // a service that started late has this long for its first order
    BOOT_JUST_NOW_MS = 600000   // a first birth this long after a boot still belongs to it
};

static const char boot_key[] = "boot:";

// ---- boots -----------------------------------------------------------------------------------

// The same boot is told by the birth's boot id and by an event of its own.
void services_note_boot(struct fleet *fleet, uint32_t server, const char *boot_id,
                        struct mono_time now)
{
    uint64_t boot = hash_text(boot_id);
    for (uint32_t i = 0; i < fleet->service_count; i++) {
        struct watched_service *service = &fleet->services[i];
        if (service->server_node != server || service->booted_as == boot)
            continue;
        service->booted_as = boot;
        service->booted_at = now;
        service->ran_since_boot = service->stopping_seen = false;
        service->asked_since_boot = service->made_since_boot = false;
    }
}

void services_note_birth(struct fleet *fleet, uint32_t server, const struct birth *birth,
                         struct mono_time now)
{
    int64_t up_ms = 0;
    bool told = birth->boot_at_ms > 0 && birth->boot_id[0] != '\0' &&
                !__builtin_sub_overflow(birth->sent_at_ms, birth->boot_at_ms, &up_ms);
    if (told && up_ms >= 0 && up_ms < BOOT_JUST_NOW_MS)
        services_note_boot(fleet, server, birth->boot_id, mono_add(now, duration_ms(-up_ms)));
}

// ---- grace and contract ----------------------------------------------------------------------

// After a boot an automatic service may still be on its way; a manual or disabled one is not, nor
// is one that came and stopped again, or whose start was tried and failed.
struct mono_time service_grace_until(const struct watched_service *service)
{
    int64_t grace_s = service->report.start_mode == START_AUTO           ? BOOT_GRACE_S
                      : service->report.start_mode == START_AUTO_DELAYED ? BOOT_GRACE_DELAYED_S
                                                                         : 0;
    if (grace_s == 0 || mono_is_never(service->booted_at) || service->ran_since_boot ||
        why_start_failed(&service->report))
        return (struct mono_time){INT64_MIN};
    return mono_add(service->booted_at, duration_s(grace_s));
}

struct mono_time service_contract_until(const struct watched_service *service)
{
    if (mono_is_never(service->booted_at) || service->made_since_boot)
        return (struct mono_time){INT64_MIN};
    bool delayed = service->report.start_mode == START_AUTO_DELAYED;
    struct duration unlearned = duration_s(delayed ? BOOT_GRACE_DELAYED_S : BOOT_GRACE_S);
    struct mono_time until =
        mono_add(service->booted_at, boot_time_limit(&service->boots, unlearned));
    if (service->state == SYMPTOM_STATE_PENDING)
        return mono_max(until, service_grace_until(service));
    if (service->state == SYMPTOM_STATE_UP)
        return mono_max(until, mono_add(service->running_since, duration_s(OUTPUT_AFTER_START_S)));
    return until;
}

// ---- learning --------------------------------------------------------------------------------

// That requests waited for the first order, since a report before this one, is what makes it a
// measure of the boot.
void service_output_since_boot(struct watched_service *service, bool made, bool waiting)
{
    bool open = !mono_is_never(service->booted_at) && !service->made_since_boot;
    if (open && made && mono_before(service->booted_at, service->newest_order_at)) {
        struct duration took = mono_sub(service->newest_order_at, service->booted_at);
        service->made_since_boot = true;
        service->boots_changed |=
            service->asked_since_boot && boot_time_learn(&service->boots, took);
    }
    service->asked_since_boot |= waiting;
}

void services_remember(struct fleet *fleet, uint32_t minute_of_hour)
{
    for (uint32_t i = minute_of_hour; i < fleet->service_count; i += 60) {
        struct watched_service *service = &fleet->services[i];
        char key[MEMORY_KEY_SIZE], value[BOOT_TIME_TEXT_SIZE];
        struct text text;
        if (!service->boots_changed)
            continue;
        text_init(&text, key, sizeof key);
        text_printf(&text, "%s%s/%s", boot_key, service->server, service->name);
        boot_time_write(&service->boots, value);
        if (memory_put(&fleet->memory, key, value) == STATUS_OK)
            service->boots_changed = false;
    }
}

enum status services_restore(struct fleet *fleet, const char *key, const char *text)
{
    size_t prefix = sizeof boot_key - 1;
    char server[ID_SIZE];
    if (strncmp(key, boot_key, prefix) != 0)
        return STATUS_NOT_FOUND;
    const char *slash = strchr(key + prefix, '/');
    size_t length = slash == NULL ? 0 : (size_t)(slash - key) - prefix;
    if (length == 0 || length >= sizeof server)
        return STATUS_NOT_FOUND;
    memcpy(server, key + prefix, length);
    server[length] = '\0';
    uint32_t number = topology_find_service(fleet, server, slash + 1);
    if (number == NAME_NONE)
        return STATUS_NOT_FOUND;
    return boot_time_read(text, &fleet->services[number].boots) ? STATUS_OK : STATUS_INVALID;
}
