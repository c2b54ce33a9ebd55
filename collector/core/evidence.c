// SPDX-License-Identifier: Apache-2.0
// Weighing in words: the scope, the evidence that counted, and the path that rules each rival out.
#include "collector/core/ledger.h"

#include "base/text.h"

#include <inttypes.h>
#include <string.h>

// A path that worked this shortly before the onset counts as working: every station's share probe
// comes once in it. A service that stops is told within milliseconds, before anything else is seen.
enum { PROOF_WINDOW_S = 15 };

// ---- scope -----------------------------------------------------------------------------------

static const char *count_key(const struct fleet *fleet)
{
    static const char *const keys[] = {"line", "segment", "area"};
    for (size_t k = 0; k < sizeof keys / sizeof keys[0]; k++)
        for (uint32_t i = 0; i < fleet_node_count(fleet); i++)
            for (uint32_t l = 0; l < fleet_node(fleet, i)->label_count; l++)
                if (text_equal(fleet_node(fleet, i)->labels[l].key, keys[k]))
                    return keys[k];
    return NULL;
}

static void count_label(struct incident_scope *scope, const char *key, const char *value)
{
    char label[COMPONENT_SIZE];
    struct text text;
    text_init(&text, label, sizeof label);
    text_printf(&text, "%s=%s", key, value);
    for (uint32_t i = 0; i < scope->label_count; i++)
        if (text_equal(scope->by_label[i].label, label)) {
            scope->by_label[i].affected++;
            return;
        }
    if (scope->label_count == INCIDENT_LABELS_MAX)
        return;
    struct incident_label_count *added = &scope->by_label[scope->label_count++];
    text_set(added->label, label);
    added->affected = 1;
}

static void weigh_scope(struct incident *incident, const struct fleet *fleet, uint32_t component)
{
    struct incident_scope *scope = &incident->scope;
    const char *key = count_key(fleet);
    scope->affected = scope->label_count = 0;
    scope->total = fleet_station_count(fleet);
    for (uint32_t i = 0; i < fleet_node_count(fleet); i++) {
        const struct node *node = fleet_node(fleet, i);
        if (node->role == ROLE_SERVER || !fleet_covers(fleet, i, component))
            continue;
        scope->affected++;
        for (uint32_t l = 0; key != NULL && l < node->label_count; l++)
            if (text_equal(node->labels[l].key, key))
                count_label(scope, key, node->labels[l].value);
    }
}

static void scope_nobody(struct incident_scope *scope)
{
    scope->affected = scope->label_count = 0;
}

// ---- evidence --------------------------------------------------------------------------------

static struct incident_evidence *add_evidence(struct incident *incident, const char *node,
                                              const char *kind, uint64_t count)
{
    if (incident->evidence_count == INCIDENT_EVIDENCE_MAX)
        return NULL;
    struct incident_evidence *evidence = &incident->evidence[incident->evidence_count++];
    *evidence = (struct incident_evidence){.count = count};
    text_set(evidence->node, node);
    text_set(evidence->kind, kind);
    return evidence;
}

static void say_service(struct incident *incident, const struct fleet *fleet, uint32_t component)
{
    uint32_t number = fleet_service_of(fleet, component);
    if (number == NAME_NONE)
        return;
    const struct watched_service *service = fleet_service(fleet, number);
    const struct node *server = fleet_node(fleet, service->server_node);
    struct incident_evidence *evidence = NULL;
    struct text text;
    if (service->state < SYMPTOM_COUNT) {
        evidence = add_evidence(incident, service->server, "service", 1);
        if (evidence == NULL)
            return;
        text_init(&text, evidence->text, sizeof evidence->text);
        text_printf(&text, "%s reports %s as %s", service->server, service->name,
                    service_state_text(service->report.state));
        if (service->report.reason[0] != '\0')
            text_printf(&text, ": %s", service->report.reason);
    } else {
        evidence = add_evidence(incident, service->server, "service", 0);
        if (evidence == NULL)
            return;
        text_init(&text, evidence->text, sizeof evidence->text);
        text_printf(&text, "nothing on %s reports: its agent %s", service->server,
                    server->presence == PRESENCE_OFF      ? "said goodbye"
                    : server->presence == PRESENCE_SILENT ? "is silent"
                    : server->heard                       ? "has not told of the service"
                                                          : "was never heard");
    }
    if (service->output < SYMPTOM_COUNT &&
        (evidence = add_evidence(incident, service->server, "order_output", 1)) != NULL) {
        text_init(&text, evidence->text, sizeof evidence->text);
        text_printf(&text, "%s (backlog %" PRId64 ")", symptom_text(service->output),
                    service->order_output.backlog);
    }
}

static void say_symptoms(struct incident *incident, const struct tally *tally)
{
    for (int s = SYMPTOM_FETCH_OK; s <= SYMPTOM_PROBE_STALE; s++) {
        if (tally->seen[s] == 0)
            continue;
        enum symptom symptom = (enum symptom)s;
        struct incident_evidence *evidence =
            add_evidence(incident, "", symptom_kind(symptom), tally->seen[s]);
        if (evidence == NULL)
            return;
        bool probe = symptom_channel(symptom) == CHANNEL_PROBE;
        struct text text;
        text_init(&text, evidence->text, sizeof evidence->text);
        text_printf(&text, "%" PRIu64 " %s of %u stations %s", tally->seen[s],
                    probe ? "share probes" : "fetches", tally->stations[s], symptom_text(symptom));
    }
}

static void say_silence(struct incident *incident, const struct tally *tally)
{
    if (tally->silent == 0)
        return;
    struct incident_evidence *evidence =
        add_evidence(incident, "", symptom_kind(SYMPTOM_LIFE_OVERDUE), tally->silent);
    if (evidence == NULL)
        return;
    struct text text;
    text_init(&text, evidence->text, sizeof evidence->text);
    text_printf(&text, "%u stations %s, %u of them with a last will", tally->silent,
                symptom_text(SYMPTOM_LIFE_OVERDUE), tally->wills);
}

static void say_link(struct incident *incident, const struct fleet *fleet, uint32_t component)
{
    enum component_kind kind = components_get(fleet_components(fleet), component)->kind;
    if (kind != COMPONENT_BROKER && kind != COMPONENT_COLLECTOR && kind != COMPONENT_SITE)
        return;
    enum symptom link = fleet_link_up(fleet) ? SYMPTOM_LINK_UP : SYMPTOM_LINK_DOWN;
    struct incident_evidence *evidence = add_evidence(incident, "", symptom_kind(link), 1);
    if (evidence != NULL)
        text_set(evidence->text, symptom_text(link));
}

// ---- what is ruled out -----------------------------------------------------------------------

struct proof_context {
    const struct fleet *fleet;
    uint32_t component;                    // that of the rival
    const struct tally *scope;             // of the verdict's scope
    const struct tally *site;              // of all stations
    const struct watched_service *service; // NULL = none
};

// Each writes the path and the sentence, and answers whether it proves anything at all.
static bool prove_share(const struct proof_context *context, struct text *path, struct text *text)
{
    static const enum symptom answers[] = {
        SYMPTOM_FETCH_OK,      SYMPTOM_FETCH_MISSING, SYMPTOM_FETCH_DENIED, SYMPTOM_FETCH_LOCKED,
        SYMPTOM_FETCH_INVALID, SYMPTOM_FETCH_STALE,   SYMPTOM_PROBE_OK,     SYMPTOM_PROBE_DENIED};
    uint64_t answered = 0, asked = 0;
    for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++)
        answered += context->scope->seen[answers[i]];
    for (int s = SYMPTOM_FETCH_OK; s <= SYMPTOM_PROBE_STALE; s++)
        asked += context->scope->seen[s];
    if (answered == 0 || answered * 10 < asked * 9)
        return false;
    text_append(path, context->service == NULL
                          ? "share"
                          : components_spelled(fleet_components(context->fleet),
                                               context->service->share_component));
    text_printf(text,
                "network to the order server ruled out: %" PRIu64 " of %" PRIu64
                " answers came from the share",
                answered, asked);
    return true;
}

static bool prove_heard(const struct proof_context *context, struct text *path, struct text *text)
{
    const struct tally *site = context->site;
    uint32_t all = site->heard + site->silent;
    if (site->heard == 0 || site->heard * 10 < all * 9)
        return false;
    text_append(path, "heartbeats");
    text_printf(text, "station network ruled out: %u of %u stations heard", site->heard, all);
    return true;
}

static bool prove_bus(const struct proof_context *context, struct text *path, struct text *text)
{
    if (!fleet_link_up(context->fleet) || context->site->heard == 0)
        return false;
    text_append(path, "broker");
    text_printf(text, "broker and collector ruled out: the messages of %u stations came through",
                context->site->heard);
    return true;
}

static bool prove_state(const struct proof_context *context, struct text *path, struct text *text)
{
    const struct watched_service *service = context->service;
    if (service == NULL || service->state != SYMPTOM_STATE_UP)
        return false;
    text_printf(path, "service:%s/%s", service->server, service->name);
    text_printf(text, "a stopped service ruled out: %s reports %s as running", service->server,
                service->name);
    return true;
}

static bool prove_output(const struct proof_context *context, struct text *path, struct text *text)
{
    const struct watched_service *service = context->service;
    if (service == NULL || service->state >= SYMPTOM_COUNT)
        return false;
    text_printf(path, "service:%s/%s", service->server, service->name);
    if (service->state == SYMPTOM_STATE_DOWN)
        text_printf(
            text, "a hanging or starved service ruled out: %s reports that %s does not run at all",
            service->server, service->name);
    else if (service->output < SYMPTOM_COUNT)
        text_printf(text, "this ruled out: on %s %s (backlog %" PRId64 ")", service->server,
                    symptom_text(service->output), service->order_output.backlog);
    else
        return false;
    return true;
}

static bool prove_many(const struct proof_context *context, struct text *path, struct text *text)
{
    uint32_t failing = 0;
    for (int s = SYMPTOM_FETCH_MISSING; s <= SYMPTOM_FETCH_STALE; s++)
        failing += context->site->stations[s];
    if (failing < SCOPE_MIN)
        return false;
    text_append(path, "stations");
    text_printf(text, "a fault of one station ruled out: fetches fail at %u stations", failing);
    return true;
}

static bool (*const proofs[])(const struct proof_context *, struct text *, struct text *) = {
    [PROOF_SHARE_ANSWERS] = prove_share,
    [PROOF_STATIONS_HEARD] = prove_heard,
    [PROOF_BUS] = prove_bus,
    [PROOF_STATE] = prove_state,
    [PROOF_OUTPUT] = prove_output,
    [PROOF_MANY_STATIONS] = prove_many,
};

static bool is_named(const struct verdict *verdict, const struct cause *cause)
{
    if (verdict->hypothesis.cause == cause)
        return true;
    for (uint32_t i = 0; i < verdict->alternative_count; i++)
        if (verdict->alternatives[i].hypothesis.cause == cause)
            return true;
    return false;
}

// The component of `kind` that a rival of the verdict would stand at; NAME_NONE = none.
static uint32_t rival_component(const struct fleet *fleet, const struct cause *cause,
                                const struct watched_service *service)
{
    const struct components *components = fleet_components(fleet);
    if (service != NULL && (cause->kinds & (1U << COMPONENT_SERVICE)) != 0)
        return service->component;
    if (service != NULL && (cause->kinds & (1U << COMPONENT_SHARE)) != 0)
        return service->share_component;
    if (service != NULL && (cause->kinds & (1U << COMPONENT_SERVER)) != 0 &&
        (cause->kinds & (1U << COMPONENT_STATION)) == 0)
        return service->server_component;
    static const enum component_kind whole[] = {COMPONENT_BROKER, COMPONENT_COLLECTOR,
                                                COMPONENT_SITE};
    for (size_t i = 0; i < sizeof whole / sizeof whole[0]; i++)
        if ((cause->kinds & (1U << whole[i])) != 0)
            return components_find(components, component_kind_name(whole[i]));
    return NAME_NONE;
}

static void rule_out(struct incident *incident, const struct cause *cause,
                     struct proof_context *context)
{
    if (incident->ruled_out_count == INCIDENT_RULED_OUT_MAX || proofs[cause->ruled_out_by] == NULL)
        return;
    context->component = rival_component(context->fleet, cause, context->service);
    bool anywhere = (cause->kinds & ((1U << COMPONENT_LABEL) | (1U << COMPONENT_STATION))) != 0;
    if (context->component == NAME_NONE && !anywhere)
        return;
    struct incident_ruled_out *out = &incident->ruled_out[incident->ruled_out_count];
    *out = (struct incident_ruled_out){.code = ""};
    struct text path, because;
    text_init(&path, out->path, sizeof out->path);
    text_init(&because, out->because, sizeof out->because);
    if (!proofs[cause->ruled_out_by](context, &path, &because))
        return;
    text_set(out->code, cause->code);
    text_set(out->component,
             context->component == NAME_NONE
                 ? "site"
                 : components_spelled(fleet_components(context->fleet), context->component));
    incident->ruled_out_count++;
}

void ledger_weigh(struct incident *incident, struct diagnosis *diagnosis, const struct fleet *fleet,
                  const struct verdict *verdict, struct mono_time from)
{
    uint32_t component = verdict->hypothesis.component;
    uint32_t number = fleet_service_of(fleet, component);
    struct tally scope, site;
    diagnosis_tally(diagnosis, fleet, component, from, &scope);
    weigh_scope(incident, fleet, component);
    if (verdict->hypothesis.cause->spares_stations)
        scope_nobody(&incident->scope);
    incident->evidence_count = 0;
    say_service(incident, fleet, component);
    say_symptoms(incident, &scope);
    say_silence(incident, &scope);
    say_link(incident, fleet, component);
    struct mono_time proof_from = mono_add(from, duration_s(-PROOF_WINDOW_S));
    diagnosis_tally(diagnosis, fleet, component, proof_from, &scope);
    diagnosis_tally(diagnosis, fleet, components_find(fleet_components(fleet), "site"), proof_from,
                    &site);
    struct proof_context context = {.fleet = fleet,
                                    .scope = &scope,
                                    .site = &site,
                                    .service =
                                        number == NAME_NONE ? NULL : fleet_service(fleet, number)};
    incident->ruled_out_count = 0;
    for (size_t i = 0; i < codebook_count; i++)
        if (!is_named(verdict, &codebook[i]))
            rule_out(incident, &codebook[i], &context);
}
