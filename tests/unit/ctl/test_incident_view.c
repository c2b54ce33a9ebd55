// SPDX-License-Identifier: Apache-2.0
// What people read of an incident: everything that helps them, and colours only where welcome.
#include "ctl/view/incident_view.h"
#include "ctl/view/sentence.h"

#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

static void fill(struct incident *incident)
{
    setenv("TZ", "UTC", 1);
    tzset();
    *incident = (struct incident){
        .id = "plant-1730872320-1",
        .code = "ORDER_SERVICE_STOPPED",
        .component = "service:ETS-SRV-01/OrderGeneration",
        .priority = PRIORITY_CRITICAL,
        .owner = "Test Technology",
        .headline = "The order service does not run.",
        .cause = "OrderGeneration is stopped",
        .why_code = "START_MANUAL",
        .why_text = "it is not started by itself after a boot",
        .action = "start OrderGeneration",
        .scope = {.affected = 200, .confirmed = 12, .total = 200, .label_count = 1},
        .since = {1730872320000},
        .detected_at = {1730872320042},
        .confidence = 0.62,
        .alternative_count = 1,
        .ruled_out_count = 1,
        .timeline_count = 1,
    };
    text_set(incident->scope.by_label[0].label, "line=L1");
    incident->scope.by_label[0].affected = 20;
    text_set(incident->alternatives[0].code, "ORDER_SERVICE_HUNG");
    text_set(incident->alternatives[0].component, "service:ETS-SRV-01/OrderGeneration");
    incident->alternatives[0].probability = 0.31;
    text_set(incident->ruled_out[0].code, "ORDER_SHARE_DOWN");
    text_set(incident->ruled_out[0].component, "share:orders");
    text_set(incident->ruled_out[0].path, "network to the server");
    text_set(incident->ruled_out[0].because, "41 of 41 answers came from the share");
    incident->timeline[0].at = (struct wall_time){1730872320042};
    text_set(incident->timeline[0].text, "service stopped");
}

static char *view(const struct incident *incident, bool colours)
{
    char *page = NULL;
    size_t size = 0;
    struct terminal terminal = {open_memstream(&page, &size), colours, 100};
    assert_non_null(terminal.file);
    incident_view(&terminal, incident);
    fclose(terminal.file);
    return page;
}

static void the_page_has_all_that_helps(void **state)
{
    (void)state;
    static struct incident incident;
    fill(&incident);
    char *page = view(&incident, false);
    static const char *const expected[] = {
        "critical  ORDER_SERVICE_STOPPED  service:ETS-SRV-01/OrderGeneration",
        "The order service does not run.",
        "Why           it is not started by itself after a boot (START_MANUAL)",
        "Cause         OrderGeneration is stopped",
        "200 of 200 stations at risk, 12 with evidence of their own; line=L1: 20",
        "2024-11-06 05:52:00.000, found 42 ms later",
        "Owner         Test Technology",
        "Action        start OrderGeneration",
        "ORDER_SHARE_DOWN share:orders, by network to the server: 41 of 41 answers came from the",
        "62 %",
        "31 % ORDER_SERVICE_HUNG service:ETS-SRV-01/OrderGeneration",
        "05:52:00.042  service stopped",
    };
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++)
        if (strstr(page, expected[i]) == NULL)
            fail_msg("'%s' is not in:\n%s", expected[i], page);
    free(page);
}

static void what_is_not_known_has_no_line(void **state)
{
    (void)state;
    static struct incident incident;
    fill(&incident);
    incident.why_code[0] = '\0';
    incident.alternative_count = incident.ruled_out_count = incident.timeline_count = 0;
    char *page = view(&incident, false);
    assert_null(strstr(page, "Why "));
    assert_null(strstr(page, "Ruled out"));
    assert_null(strstr(page, "Not told apart"));
    assert_null(strstr(page, "Timeline"));
    assert_null(strstr(page, "Acknowledged"));
    free(page);
}

static void colours_come_only_where_they_are_welcome(void **state)
{
    (void)state;
    static struct incident incident;
    fill(&incident);
    char *plain = view(&incident, false), *coloured = view(&incident, true);
    assert_null(strchr(plain, '\033'));
    assert_non_null(strstr(coloured, "\033[1;31mcritical"));
    free(plain);
    free(coloured);
}

static void a_long_paragraph_wraps_under_itself(void **state)
{
    (void)state;
    char *page = NULL;
    size_t size = 0;
    struct terminal terminal = {open_memstream(&page, &size), false, 40};
    terminal_field(&terminal, "Action", "start the service by hand and see that orders come");
    fclose(terminal.file);
    assert_string_equal(page, "Action        start the service by hand\n"
                              "              and see that orders come\n");
    free(page);
}

static void the_sentence_says_what_why_since_when_and_who(void **state)
{
    (void)state;
    static struct incident incident;
    char buffer[512];
    struct text sentence;
    fill(&incident);
    text_init(&sentence, buffer, sizeof buffer);
    sentence_of_incident(&sentence, &incident);
    assert_string_equal(buffer, "The order service does not run (it is not started by itself after "
                                "a boot), since 05:52:00; Test Technology is in charge.");
}

static void the_more_urgent_then_the_wider_then_the_older_is_spoken_of(void **state)
{
    (void)state;
    static struct incident a, b;
    fill(&a);
    fill(&b);
    assert_false(sentence_prefers(&a, &b));
    a.since.ms -= 1;
    assert_true(sentence_prefers(&a, &b));
    b.scope.affected += 1;
    assert_false(sentence_prefers(&a, &b));
    b.priority = PRIORITY_LOW;
    assert_true(sentence_prefers(&a, &b));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_page_has_all_that_helps),
        cmocka_unit_test(what_is_not_known_has_no_line),
        cmocka_unit_test(colours_come_only_where_they_are_welcome),
        cmocka_unit_test(a_long_paragraph_wraps_under_itself),
        cmocka_unit_test(the_sentence_says_what_why_since_when_and_who),
        cmocka_unit_test(the_more_urgent_then_the_wider_then_the_older_is_spoken_of),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
