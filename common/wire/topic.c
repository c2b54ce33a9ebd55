// SPDX-License-Identifier: Apache-2.0
// The grammar of topics, read from left to right; every level must be exactly right.
#include "wire/topic.h"

#include "base/text.h"
#include "domain/incident.h"

#include <string.h>

#define TOPIC_PREFIX    "stationwatch/v1/"
#define INCIDENT_PREFIX "_incident/"

static bool is_id_character(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
}

// Moves past `prefix` when the text begins with it.
static bool skip_prefix(const char **text, const char *prefix)
{
    size_t length = strlen(prefix);
    if (strncmp(*text, prefix, length) != 0)
        return false;
    *text += length;
    return true;
}

// Takes the level up to the next '/' as an id and moves past the '/'.
static bool take_id(const char **text, char out[ID_SIZE])
{
    const char *slash = strchr(*text, '/');
    if (slash == NULL || slash - *text >= ID_SIZE)
        return false;
    size_t length = (size_t)(slash - *text);
    memcpy(out, *text, length);
    out[length] = '\0';
    *text = slash + 1;
    return id_is_valid(out);
}

static bool take_kind(const char *text, enum message_kind *ret)
{
    for (int kind = 0; kind < MESSAGE_KIND_COUNT; kind++)
        if (strcmp(text, message_kind_name((enum message_kind)kind)) == 0) {
            *ret = (enum message_kind)kind;
            return true;
        }
    return false;
}

// An incident's id begins with its site's id and has the same alphabet, but may be longer.
static bool is_incident_id(const char *text)
{
    size_t length = strlen(text);
    if (length == 0 || length >= INCIDENT_ID_SIZE || text[0] == '_' || text[0] == '-')
        return false;
    for (size_t i = 0; i < length; i++)
        if (!is_id_character(text[i]))
            return false;
    return true;
}

// "_incident/ID", or one level of the id alphabet that begins with '_': the names we know and
// those of versions to come.
static bool is_site_wide(const char *text)
{
    const char *rest = text;
    if (skip_prefix(&rest, INCIDENT_PREFIX))
        return is_incident_id(rest);
    size_t length = strlen(text);
    if (length >= ID_SIZE || strcmp(text, "_incident") == 0)
        return false;
    for (size_t i = 0; i < length; i++)
        if (!is_id_character(text[i]))
            return false;
    return true;
}

enum status topic_parse(const char *text, struct topic *ret_topic)
{
    struct topic topic = {0};
    if (!skip_prefix(&text, TOPIC_PREFIX) || !take_id(&text, topic.site))
        return STATUS_INVALID;
    if (text[0] == '_') {
        if (!is_site_wide(text) || !text_set(topic.site_wide, text))
            return STATUS_INVALID;
    } else if (!take_id(&text, topic.node) || !take_kind(text, &topic.kind)) {
        return STATUS_INVALID;
    }
    *ret_topic = topic;
    return STATUS_OK;
}

const char *topic_node(char out[TOPIC_SIZE], const char *site, const char *node,
                       enum message_kind kind)
{
    struct text text;
    text_init(&text, out, TOPIC_SIZE);
    text_printf(&text, TOPIC_PREFIX "%s/%s/%s", site, node, message_kind_name(kind));
    return out;
}

const char *topic_site(char out[TOPIC_SIZE], const char *site, const char *name)
{
    struct text text;
    text_init(&text, out, TOPIC_SIZE);
    text_printf(&text, TOPIC_PREFIX "%s/%s", site, name);
    return out;
}
