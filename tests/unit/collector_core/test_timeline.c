// SPDX-License-Identifier: Apache-2.0
// The timeline: bounded, and its first and latest entries stay.
#include "collector/core/timeline.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct incident incident; // large, so not on the stack

static void the_middle_gives_way_and_is_counted(void **state)
{
    (void)state;
    memset(&incident, 0, sizeof incident);
    for (int i = 0; i < INCIDENT_TIMELINE_MAX + 10; i++)
        timeline_add(&incident, (struct wall_time){i + 1}, "", "entry %d", i);
    assert_int_equal(incident.timeline_count, INCIDENT_TIMELINE_MAX);
    assert_int_equal(incident.timeline_dropped, 10);
    assert_string_equal(incident.timeline[0].text, "entry 0");
    assert_string_equal(incident.timeline[INCIDENT_TIMELINE_MAX - 1].text, "entry 73");
    for (uint32_t i = 1; i < incident.timeline_count; i++)
        assert_true(incident.timeline[i - 1].at.ms < incident.timeline[i].at.ms);
}

static void a_text_that_is_too_long_is_cut_at_a_character(void **state)
{
    (void)state;
    char umlauts[2 * TEXT_SIZE + 1];
    memset(&incident, 0, sizeof incident);
    for (int i = 0; i < TEXT_SIZE; i++)
        memcpy(umlauts + i * 2, "\xC3\xBC", 2);
    umlauts[sizeof umlauts - 1] = '\0';
    timeline_add(&incident, (struct wall_time){1}, "NODE/OUTBOX/7", "%s", umlauts);
    size_t length = strlen(incident.timeline[0].text);
    assert_true(length < TEXT_SIZE && length % 2 == 0 && length > TEXT_SIZE - 4);
    assert_string_equal(incident.timeline[0].event, "NODE/OUTBOX/7");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_middle_gives_way_and_is_counted),
        cmocka_unit_test(a_text_that_is_too_long_is_cut_at_a_character),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
