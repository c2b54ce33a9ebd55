// SPDX-License-Identifier: Apache-2.0
// The words as tables; names of symptoms come from SYMPTOM_MAP, so that they need no care.
#include "tests/house/causes_page/words.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

const char *kind_words(enum component_kind kind)
{
    static const char *const words[COMPONENT_KIND_COUNT] = {
        [COMPONENT_SERVICE] = "service",
        [COMPONENT_SERVER] = "server",
        [COMPONENT_SHARE] = "share",
        [COMPONENT_STATION] = "station",
        [COMPONENT_LABEL] = "label (segment, line, area …)",
        [COMPONENT_VERSION] = "software version",
        [COMPONENT_PRODUCT] = "product",
        [COMPONENT_ORDER] = "order",
        [COMPONENT_BROKER] = "broker",
        [COMPONENT_COLLECTOR] = "collector",
        [COMPONENT_SITE] = "site",
    };
    return words[kind];
}

const char *recovery_words(enum recovery recovery)
{
    static const char *const words[] = {
        [RECOVERY_FETCHES] = "the stations in scope fetch orders again; while nobody fetches, "
                             "fresh orders or share probes stand in",
        [RECOVERY_HEARTBEATS] = "the silent are heard again, and stay so for a while",
        [RECOVERY_LINK] = "the collector's link is up and nodes are heard",
        [RECOVERY_SIGN] = "its sign has gone: the opposite is reported",
        [RECOVERY_RETURN] = "the server is back, its services run, and what is asked for is made",
    };
    return (size_t)recovery < sizeof words / sizeof words[0] ? words[recovery] : NULL;
}

const char *proof_words(enum proof proof)
{
    static const char *const words[] = {
        [PROOF_NONE] = "nothing in particular; a likelier cause takes its place",
        [PROOF_SHARE_ANSWERS] = "stations that get answers from the share",
        [PROOF_STATIONS_HEARD] = "heartbeats from its scope",
        [PROOF_BUS] = "messages that come through the broker",
        [PROOF_STATE] = "the server's agent, reporting that the service runs",
        [PROOF_OUTPUT] = "the order output, if it says otherwise",
        [PROOF_DISK] = "room on the order disk",
        [PROOF_OTHER_ORDERS] = "other orders and products that fail too",
        [PROOF_OTHER_VERSIONS] = "stations with other software that fail too",
        [PROOF_MANY_STATIONS] = "too many stations at once for a fault of one",
    };
    return (size_t)proof < sizeof words / sizeof words[0] ? words[proof] : NULL;
}

const char *priority_words(enum priority priority)
{
    static const char *const words[PRIORITY_COUNT] = {
        [PRIORITY_LOW] = "low",
        [PRIORITY_MEDIUM] = "medium",
        [PRIORITY_HIGH] = "high",
        [PRIORITY_CRITICAL] = "critical",
    };
    return words[priority];
}

static void lower(char name[WORD_SIZE], const char *enumerator)
{
    size_t i = 0;
    for (; enumerator[i] != '\0' && i + 1 < WORD_SIZE; i++)
        name[i] = enumerator[i] == '_' ? ' ' : (char)tolower((unsigned char)enumerator[i]);
    name[i] = '\0';
}

void channel_name(char name[WORD_SIZE], enum symptom symptom)
{
    static const char *const channels[] = {
#define CHANNEL_OF(symptom, channel, kind, text) #channel,
        SYMPTOM_MAP(CHANNEL_OF)
#undef CHANNEL_OF
    };
    lower(name, channels[symptom] + strlen("CHANNEL_"));
}

void value_name(char name[WORD_SIZE], enum symptom symptom)
{
    static const char *const symptoms[] = {
#define NAME_OF(symptom, channel, kind, text) #symptom,
        SYMPTOM_MAP(NAME_OF)
#undef NAME_OF
    };
    lower(name, strchr(symptoms[symptom], '_') + 1);
}

const char *subject_words(enum symptom symptom)
{
    switch (symptom_channel(symptom)) {
    case CHANNEL_FETCH:
        return "fetches ";
    case CHANNEL_PROBE:
        return "probes ";
    case CHANNEL_LIFE:
    case CHANNEL_LOSS:
        return "stations ";
    default:
        return "";
    }
}

void percent_words(char words[WORD_SIZE], double probability)
{
    if (probability < 1e-9)
        snprintf(words, WORD_SIZE, "never");
    else
        snprintf(words, WORD_SIZE, "%.6g %%", probability * 100);
}

void duration_words(char words[WORD_SIZE], uint32_t seconds)
{
    static const struct {
        uint32_t seconds;
        const char *one, *many;
    } units[] = {{86400, "day", "days"}, {3600, "h", "h"}, {60, "min", "min"}, {1, "s", "s"}};
    size_t u = 0;
    while (u + 1 < sizeof units / sizeof units[0] && seconds % units[u].seconds != 0)
        u++;
    uint32_t count = seconds / units[u].seconds;
    snprintf(words, WORD_SIZE, "%u %s", count, count == 1 ? units[u].one : units[u].many);
}
