// SPDX-License-Identifier: Apache-2.0
// The component table.
#include "collector/core/component.h"

#include "base/hash.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

struct components {
    struct name_table *names;
    struct component *items;
    uint32_t capacity, limit;
};

enum status components_new(uint32_t limit, struct components **ret)
{
    struct components *components = calloc(1, sizeof *components);
    if (components == NULL)
        return STATUS_NO_MEMORY;
    components->limit = limit;
    enum status status = name_table_new(limit, &components->names);
    if (status != STATUS_OK) {
        free(components);
        return status;
    }
    *ret = components;
    return STATUS_OK;
}

void components_free(struct components *components)
{
    if (components == NULL)
        return;
    name_table_free(components->names);
    free(components->items);
    free(components);
}

static enum status reserve(struct components *components)
{
    if (name_table_count(components->names) < components->capacity)
        return STATUS_OK;
    uint32_t wanted = components->capacity == 0 ? 64 : components->capacity * 2;
    struct component *grown = realloc(components->items, wanted * sizeof *grown);
    if (grown == NULL)
        return STATUS_NO_MEMORY;
    components->items = grown;
    components->capacity = wanted;
    return STATUS_OK;
}

enum status components_add(struct components *components, enum component_kind kind,
                           const char *rest, uint32_t *ret_component)
{
    char spelled[COMPONENT_SIZE + 16];
    struct text text;
    text_init(&text, spelled, sizeof spelled);
    text_append(&text, component_kind_name(kind));
    if (rest[0] != '\0')
        text_printf(&text, ":%s", rest);
    enum status status = reserve(components);
    if (status != STATUS_OK)
        return status;
    uint32_t before = name_table_count(components->names);
    status = name_table_add(components->names, spelled, ret_component);
    if (status == STATUS_OK && *ret_component == before)
        components->items[before] = (struct component){
            .kind = kind,
            .set_hash =
                kind == COMPONENT_PRODUCT || kind == COMPONENT_ORDER ? hash_text(rest) | 1 : 0,
            .owner = NAME_NONE,
            .eligible = true,
            .joined_at = MONO_NEVER};
    return status;
}

bool components_parse(const char *spelled, enum component_kind *ret_kind, const char **ret_rest)
{
    const char *colon = strchr(spelled, ':');
    size_t length = colon == NULL ? strlen(spelled) : (size_t)(colon - spelled);
    const char *rest = colon == NULL ? "" : colon + 1;
    for (int k = 0; k < COMPONENT_KIND_COUNT; k++) {
        const char *name = component_kind_name((enum component_kind)k);
        if (strlen(name) != length || strncmp(name, spelled, length) != 0)
            continue;
        bool version = k == COMPONENT_LABEL && strncmp(rest, "version=", 8) == 0;
        *ret_kind = version ? COMPONENT_VERSION : (enum component_kind)k;
        *ret_rest = rest;
        return true;
    }
    return false;
}

bool component_is_subject(const struct component *component)
{
    return component->kind == COMPONENT_PRODUCT || component->kind == COMPONENT_ORDER;
}

uint32_t components_find(const struct components *components, const char *spelled)
{
    return name_table_find(components->names, spelled);
}

uint32_t components_count(const struct components *components)
{
    return name_table_count(components->names);
}

const struct component *components_get(const struct components *components, uint32_t component)
{
    return &components->items[component];
}

struct component *components_edit(struct components *components, uint32_t component)
{
    return &components->items[component];
}

const char *components_spelled(const struct components *components, uint32_t component)
{
    return name_table_name(components->names, component);
}

const char *components_rest(const struct components *components, uint32_t component)
{
    const char *spelled = components_spelled(components, component);
    const char *colon = strchr(spelled, ':');
    return colon == NULL ? spelled : colon + 1;
}

void components_join(struct components *components, uint32_t component, uint64_t station_hash)
{
    components->items[component].stations++;
    components->items[component].set_hash ^= station_hash;
}

void components_leave(struct components *components, uint32_t component, uint64_t station_hash)
{
    components->items[component].stations--;
    components->items[component].set_hash ^= station_hash;
}

static int label_rank(const char *rest)
{
    static const char *const order[] = {"segment=", "line=", "area="};
    enum { COUNT = sizeof order / sizeof order[0] };
    for (int i = 0; i < COUNT; i++)
        if (strncmp(rest, order[i], strlen(order[i])) == 0)
            return i;
    return COUNT;
}

// True when `a` is the better name of two labels with the same stations.
static bool better_name(const struct components *components, uint32_t a, uint32_t b)
{
    int rank_a = label_rank(components_rest(components, a));
    int rank_b = label_rank(components_rest(components, b));
    return rank_a != rank_b ? rank_a < rank_b : a < b;
}

static bool has_better_twin(const struct components *components, uint32_t label)
{
    const struct component *mine = &components->items[label];
    for (uint32_t i = 0; i < components_count(components); i++) {
        const struct component *other = &components->items[i];
        if (i != label && other->kind == COMPONENT_LABEL && other->stations == mine->stations &&
            other->set_hash == mine->set_hash && better_name(components, i, label))
            return true;
    }
    return false;
}

bool components_may_name(const struct components *components, uint32_t component, unsigned kinds)
{
    const struct component *of = &components->items[component];
    return of->eligible && !(of->shadowed && (kinds & (1U << COMPONENT_SERVICE)) != 0);
}

static bool has_service_twin(const struct components *components, const struct component *site)
{
    for (uint32_t i = 0; i < components_count(components); i++)
        if (components->items[i].kind == COMPONENT_SERVICE &&
            components->items[i].stations == site->stations)
            return true;
    return false;
}

void components_settle(struct components *components, uint32_t all_stations)
{
    for (uint32_t i = 0; i < components_count(components); i++) {
        struct component *component = &components->items[i];
        if (component->kind == COMPONENT_SITE)
            component->shadowed = has_service_twin(components, component);
        if (component->kind == COMPONENT_LABEL)
            component->eligible = component->stations >= SCOPE_MIN &&
                                  component->stations < all_stations &&
                                  !has_better_twin(components, i);
        if (component->kind == COMPONENT_VERSION)
            component->eligible = component->stations >= SCOPE_MIN;
    }
}
