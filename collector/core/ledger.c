// SPDX-License-Identifier: Apache-2.0
// Naming: what people are told of a verdict, from the codebook's texts.
#include "collector/core/ledger.h"

#include "base/text.h"
#include "collector/core/fact.h"
#include "collector/core/why.h"

#include <string.h>

// A verdict below this names its rivals in the headline.
#define CERTAIN 0.9

struct names {
    const char *name, *kind, *server, *upstream, *off;
    char fact[TEXT_SIZE];
    uint32_t affected, total;
};

static const char *after_slash(const char *rest)
{
    const char *slash = strchr(rest, '/');
    return slash == NULL ? rest : slash + 1;
}

static struct names names_of(const struct fleet *fleet, const struct cause *cause,
                             uint32_t component)
{
    const struct components *components = fleet_components(fleet);
    const struct component *of = components_get(components, component);
    const char *rest = components_rest(components, component);
    uint32_t number = fleet_service_of(fleet, component);
    const struct watched_service *service =
        number == NAME_NONE ? NULL : fleet_service(fleet, number);
    struct names names = {.name = of->kind == COMPONENT_SERVICE ? after_slash(rest) : rest,
                          .kind = component_kind_name(of->kind),
                          .server = service == NULL ? "its server" : service->server,
                          .upstream = service == NULL || service->upstream[0] == '\0'
                                          ? "its upstream system"
                                          : service->upstream,
                          .affected = of->kind == COMPONENT_STATION ? 1 : of->stations,
                          .total = fleet_station_count(fleet)};
    // A segment is a network's; a line, an area may as well have been switched off.
    names.off = strncmp(rest, "segment=", 8) == 0 ? "cut off" : "switched off or cut off";
    struct text fact;
    text_init(&fact, names.fact, sizeof names.fact);
    fact_describe(fleet, cause, component, &fact);
    return names;
}

static void append_name(struct text *out, const struct names *names, const char *key, size_t size)
{
    if (size == 4 && strncmp(key, "name", size) == 0)
        text_append(out, names->name);
    else if (size == 4 && strncmp(key, "kind", size) == 0)
        text_append(out, names->kind);
    else if (size == 4 && strncmp(key, "fact", size) == 0)
        text_append(out, names->fact);
    else if (size == 6 && strncmp(key, "server", size) == 0)
        text_append(out, names->server);
    else if (size == 8 && strncmp(key, "upstream", size) == 0)
        text_append(out, names->upstream);
    else if (size == 3 && strncmp(key, "off", size) == 0)
        text_append(out, names->off);
    else if (size == 8 && strncmp(key, "affected", size) == 0)
        text_printf(out, "%u", names->affected);
    else if (size == 5 && strncmp(key, "total", size) == 0)
        text_printf(out, "%u", names->total);
}

static void expand(struct text *out, const char *template, const struct names *names)
{
    while (*template != '\0') {
        size_t plain = strcspn(template, "{");
        text_append_bytes(out, template, plain);
        template += plain;
        const char *end = strchr(template, '}');
        if (*template == '\0' || end == NULL)
            return;
        append_name(out, names, template + 1, (size_t)(end - template - 1));
        template = end + 1;
    }
}

static void expand_into(char *buffer, size_t size, const char *template, const struct names *names)
{
    struct text out;
    text_init(&out, buffer, size);
    expand(&out, template, names);
}

static const char *owner_of(const struct engine_config *config, const struct cause *cause)
{
    const char *fallback = NULL;
    for (size_t i = 0; i < config->owner_count; i++) {
        const struct engine_owner *owner = &config->owners[i];
        for (uint32_t c = 0; c < owner->cause_count; c++)
            if (text_equal(owner->causes[c], cause->code))
                return owner->name;
        if (owner->cause_count == 0 && fallback == NULL)
            fallback = owner->name;
    }
    return fallback == NULL ? cause->owner : fallback;
}

// ---- a group ---------------------------------------------------------------------------------

static const char *between(uint32_t index, uint32_t count)
{
    return index == 0 ? "" : index + 1 == count ? " or " : ", ";
}

static const struct verdict_alternative *member(const struct verdict *verdict, uint32_t index,
                                                struct verdict_alternative *first)
{
    *first = (struct verdict_alternative){verdict->hypothesis, verdict->probability};
    return index == 0 ? first : &verdict->alternatives[index - 1];
}

static void name_group(struct incident *incident, const struct fleet *fleet,
                       const struct verdict *verdict, const struct names *names)
{
    struct text headline, cause;
    struct verdict_alternative first;
    uint32_t count = verdict->alternative_count + 1;
    text_init(&headline, incident->headline, sizeof incident->headline);
    text_init(&cause, incident->cause, sizeof incident->cause);
    text_append(&cause, "What is seen fits more than one cause, and nothing that reports can tell "
                        "them apart: ");
    for (uint32_t i = 0; i < count; i++) {
        const struct verdict_alternative *one = member(verdict, i, &first);
        text_printf(&headline, "%s%s", between(i, count), one->hypothesis.cause->title);
        text_printf(&cause, "%s%s, %s (%.0f %%)", between(i, count), one->hypothesis.cause->title,
                    components_spelled(fleet_components(fleet), one->hypothesis.component),
                    one->probability * 100);
    }
    text_printf(&headline, ": %u of %u stations", names->affected, names->total);
    text_append(&cause, ".");
}

// ---- the door --------------------------------------------------------------------------------

static void name_why(struct incident *incident, const struct fleet *fleet,
                     const struct verdict *verdict)
{
    uint32_t number = fleet_service_of(fleet, verdict->hypothesis.component);
    incident->why_code[0] = incident->why_text[0] = '\0';
    if (number == NAME_NONE || verdict->hypothesis.cause->predicts[SYMPTOM_STATE_DOWN] < 0.5)
        return;
    const struct watched_service *service = fleet_service(fleet, number);
    if (service->state != SYMPTOM_STATE_DOWN)
        return;
    struct why_past past = {.idle_since_boot =
                                !mono_is_never(service->booted_at) && !service->ran_since_boot,
                            .stopping_seen = service->stopping_seen};
    why_of(&service->report, past, incident->why_code, incident->why_text);
}

void ledger_name(struct incident *incident, const struct engine_config *config,
                 const struct fleet *fleet, const struct verdict *verdict)
{
    const struct cause *cause = verdict->hypothesis.cause;
    const struct components *components = fleet_components(fleet);
    struct names names = names_of(fleet, cause, verdict->hypothesis.component);
    text_set(incident->code, cause->code);
    text_set(incident->component, components_spelled(components, verdict->hypothesis.component));
    text_set(incident->owner, owner_of(config, cause));
    incident->priority = cause->priority;
    incident->respond_within_s = cause->respond_within_s;
    incident->confidence = verdict->probability;
    expand_into(incident->consequence, sizeof incident->consequence, cause->consequence, &names);
    expand_into(incident->action, sizeof incident->action, cause->action, &names);
    if (verdict->probability < CERTAIN && verdict->alternative_count > 0) {
        name_group(incident, fleet, verdict, &names);
    } else {
        expand_into(incident->headline, sizeof incident->headline, cause->headline, &names);
        expand_into(incident->cause, sizeof incident->cause, cause->cause, &names);
    }
    incident->alternative_count = verdict->alternative_count;
    for (uint32_t i = 0; i < verdict->alternative_count; i++) {
        struct incident_alternative *out = &incident->alternatives[i];
        *out = (struct incident_alternative){.probability = verdict->alternatives[i].probability};
        text_set(out->code, verdict->alternatives[i].hypothesis.cause->code);
        text_set(out->component,
                 components_spelled(components, verdict->alternatives[i].hypothesis.component));
    }
    name_why(incident, fleet, verdict);
}
