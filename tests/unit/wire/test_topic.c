// SPDX-License-Identifier: Apache-2.0
// The grammar of topics.
#include "wire/topic.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#define ID64 "A234567890123456789012345678901234567890123456789012345678901234"

static void a_node_topic_names_site_node_and_kind(void **state)
{
    (void)state;
    struct topic topic;
    assert_int_equal(topic_parse("stationwatch/v1/plant/ETS-001/heartbeat", &topic), STATUS_OK);
    assert_string_equal(topic.site, "plant");
    assert_string_equal(topic.node, "ETS-001");
    assert_string_equal(topic.site_wide, "");
    assert_int_equal(topic.kind, MESSAGE_HEARTBEAT);
}

static void every_kind_is_written_and_read_back(void **state)
{
    (void)state;
    for (int kind = 0; kind < MESSAGE_KIND_COUNT; kind++) {
        char text[TOPIC_SIZE];
        struct topic topic;
        topic_node(text, ID64, ID64, (enum message_kind)kind);
        assert_int_equal(topic_parse(text, &topic), STATUS_OK);
        assert_int_equal(topic.kind, kind);
        assert_string_equal(topic.node, ID64);
    }
}

static void site_wide_names_are_known_by_their_underscore(void **state)
{
    (void)state;
    static const char *const names[] = {
        "_status", "_collector", "_andon", "_incident/plant-20241106T055200-1", "_x", "_", "_Y-9"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char text[TOPIC_SIZE];
        struct topic topic;
        topic_site(text, "plant", names[i]);
        assert_int_equal(topic_parse(text, &topic), STATUS_OK);
        assert_string_equal(topic.site_wide, names[i]);
        assert_string_equal(topic.node, "");
    }
}

static void the_longest_incident_id_fits_and_one_more_does_not(void **state)
{
    (void)state;
    char text[TOPIC_SIZE];
    struct topic topic;
    static const char prefix[] = "stationwatch/v1/" ID64 "/_incident/";
    snprintf(text, sizeof text, "%s%s%s", prefix, ID64, "12345678901234567890123456789012345");
    assert_int_equal(topic_parse(text, &topic), STATUS_OK);
    assert_int_equal(strlen(topic.site_wide), strlen("_incident/") + 99);
    strcat(text, "6");
    assert_int_equal(topic_parse(text, &topic), STATUS_INVALID);
}

static void anything_else_is_refused_and_nothing_written(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "/",
        "stationwatch",
        "stationwatch/v1",
        "stationwatch/v1/",
        "stationwatch/v1/plant",
        "stationwatch/v1/plant/",
        "stationwatch/v1/plant/N1",
        "stationwatch/v1/plant/N1/",
        "stationwatch/v1/plant/N1/births",
        "stationwatch/v1/plant/N1/Birth",
        "stationwatch/v1/plant/N1/birth/",
        "stationwatch/v1/plant/N1/birth/more",
        "stationwatch/v1//N1/birth",
        "stationwatch/v1/plant//birth",
        "stationwatch/v2/plant/N1/birth",
        "Stationwatch/v1/plant/N1/birth",
        "/stationwatch/v1/plant/N1/birth",
        "stationwatch/v1/_plant/N1/birth",
        "stationwatch/v1/plant/-N1/birth",
        "stationwatch/v1/plant/N.1/birth",
        "stationwatch/v1/plant/N 1/birth",
        "stationwatch/v1/plant/+/birth",
        "stationwatch/v1/plant/#",
        "stationwatch/v1/plant/N\xC3\xBC/birth",
        "stationwatch/v1/plant/_x/birth",
        "stationwatch/v1/plant/_status/",
        "stationwatch/v1/plant/_incident",
        "stationwatch/v1/plant/_incident/",
        "stationwatch/v1/plant/_incident/_a",
        "stationwatch/v1/plant/_incident/a/b",
        "stationwatch/v1/plant/_sta.tus",
        "stationwatch/v1/" ID64 "5/N1/birth",
        "stationwatch/v1/plant/" ID64 "5/birth",
        "stationwatch/v1/plant/_" ID64,
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct topic topic, before;
        memset(&topic, 0x5A, sizeof topic);
        before = topic;
        if (topic_parse(bad[i], &topic) != STATUS_INVALID)
            fail_msg("accepted: %s", bad[i]);
        assert_memory_equal(&topic, &before, sizeof topic);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_node_topic_names_site_node_and_kind),
        cmocka_unit_test(every_kind_is_written_and_read_back),
        cmocka_unit_test(site_wide_names_are_known_by_their_underscore),
        cmocka_unit_test(the_longest_incident_id_fits_and_one_more_does_not),
        cmocka_unit_test(anything_else_is_refused_and_nothing_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
