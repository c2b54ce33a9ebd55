// SPDX-License-Identifier: Apache-2.0
// The post-mortem: a realistic outage against its golden file, hostile text, nothing to say.
#include "collector/core/markdown.h"
#include "collector/core/report.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static char buffer[REPORT_MAX_BYTES];

static const char *write_report(const struct incident *incident, int utc_offset_minutes)
{
    struct text text;
    text_init(&text, buffer, sizeof buffer);
    report_write(&text, "plant-1", utc_offset_minutes, incident);
    assert_false(text.truncated);
    return buffer;
}

static struct wall_time at(const char *text)
{
    struct wall_time t;
    assert_true(wall_parse(text, &t));
    return t;
}

static void add_moment(struct incident *incident, const char *when, const char *text,
                       const char *event)
{
    struct incident_timeline_entry *entry = &incident->timeline[incident->timeline_count++];
    entry->at = at(when);
    text_set(entry->text, text);
    text_set(entry->event, event);
}

static void add_evidence(struct incident *incident, const char *node, const char *kind,
                         uint64_t count, const char *text)
{
    struct incident_evidence *evidence = &incident->evidence[incident->evidence_count++];
    evidence->count = count;
    text_set(evidence->node, node);
    text_set(evidence->kind, kind);
    text_set(evidence->text, text);
}

static void fill_timeline(struct incident *incident)
{
    add_moment(incident, "2024-11-06T04:51:40.000Z", "SRV-ORDERS booted after a planned restart",
               "SRV-ORDERS/3f2a/811");
    add_moment(incident, "2024-11-06T04:51:58.000Z",
               "OrderGenerator found stopped, start mode manual", "SRV-ORDERS/3f2a/812");
    add_moment(incident, "2024-11-06T04:51:58.250Z", "opened: the order generation service is down",
               "");
    add_moment(incident, "2024-11-06T05:00:02.000Z", "ETS-017: order 4711 missing",
               "ETS-017/9c01/20455");
    add_moment(incident, "2024-11-06T05:00:02.010Z", "people told: Test Technology", "");
    add_moment(incident, "2024-11-06T05:02:10.000Z", "OrderGenerator running",
               "SRV-ORDERS/3f2a/815");
    add_moment(incident, "2024-11-06T05:04:00.000Z",
               "recovery proven: 12 stations fetched 12 new orders", "");
}

static void realistic(struct incident *incident)
{
    *incident = (struct incident){.state = INCIDENT_CLOSED,
                                  .priority = PRIORITY_CRITICAL,
                                  .scope = {.affected = 200, .confirmed = 41, .total = 200},
                                  .confidence = 0.998,
                                  .told = true};
    text_set(incident->id, "plant-1-20241106T045158-1");
    text_set(incident->code, "ORDER_SERVICE_STOPPED");
    text_set(incident->component, "service:SRV-ORDERS/OrderGenerator");
    text_set(incident->owner, "Test Technology");
    text_set(incident->headline, "Order generation service stopped on SRV-ORDERS");
    text_set(incident->cause, "OrderGenerator on SRV-ORDERS does not run, so no order file is made "
                              "and no station gets an order.");
    text_set(incident->why_code, "START_MANUAL");
    text_set(incident->why_text, "its start mode is manual: nothing started it after the reboot");
    text_set(incident->consequence,
             "No harness can be tested; every line stops as orders run out.");
    text_set(incident->action, "Start OrderGenerator on SRV-ORDERS.");
    incident->scope.label_count = 2;
    incident->scope.by_label[0] = (struct incident_label_count){"line=L1", 120};
    incident->scope.by_label[1] = (struct incident_label_count){"line=L2", 80};
    incident->since = at("2024-11-06T04:51:58.000Z");
    incident->detected_at = at("2024-11-06T04:51:58.250Z");
    incident->told_at = at("2024-11-06T05:00:02.010Z");
    incident->acknowledged_at = at("2024-11-06T05:00:40.000Z");
    incident->resolved_at = at("2024-11-06T05:04:00.000Z");
    incident->closed_at = at("2024-11-06T05:04:00.000Z");
    text_set(incident->acknowledged_by, "m.weber");
    text_set(incident->acknowledged_comment, "starting it now");
    incident->alternative_count = 1;
    incident->alternatives[0].probability = 0.002;
    text_set(incident->alternatives[0].code, "ORDER_FEED_STOPPED");
    text_set(incident->alternatives[0].component, "service:SRV-ORDERS/OrderGenerator");
    incident->ruled_out_count = 2;
    incident->ruled_out[0] =
        (struct incident_ruled_out){"SERVER_DOWN", "server:SRV-ORDERS", "share:orders",
                                    "41 of 41 answers since 06:00 came from the share"};
    incident->ruled_out[1] =
        (struct incident_ruled_out){"SITE_NETWORK_DOWN", "site", "site", "198 of 200 heard"};
    add_evidence(incident, "SRV-ORDERS", "service", 1, "OrderGenerator stopped, start mode manual");
    add_evidence(incident, "", "fetch", 41,
                 "41 fetches of 41 stations ended with 'order file missing'");
    add_evidence(incident, "", "fetch", 7, "7 fetches of 7 stations ended well");
    fill_timeline(incident);
}

static char *read_golden(const char *name)
{
    const char *source = getenv("STATIONWATCH_SOURCE");
    char path[1024];
    snprintf(path, sizeof path, "%s/tests/unit/collector_core/golden/%s",
             source != NULL ? source : ".", name);
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        fail_msg("cannot read %s; is STATIONWATCH_SOURCE the source tree?", path);
    char *content = calloc(1, REPORT_MAX_BYTES);
    assert_non_null(content);
    size_t size = fread(content, 1, REPORT_MAX_BYTES - 1, file);
    content[size] = '\0';
    fclose(file);
    return content;
}

static void a_realistic_outage_reads_as_its_golden_file(void **state)
{
    (void)state;
    struct incident *incident = calloc(1, sizeof *incident);
    assert_non_null(incident);
    realistic(incident);
    char *golden = read_golden("report.md");
    assert_string_equal(write_report(incident, 60), golden);
    free(golden);
    free(incident);
}

static void the_same_incident_gives_the_same_bytes(void **state)
{
    (void)state;
    struct incident *incident = calloc(1, sizeof *incident);
    assert_non_null(incident);
    realistic(incident);
    char *first = strdup(write_report(incident, 60));
    assert_string_equal(write_report(incident, 60), first);
    free(first);
    free(incident);
}

static void times_are_the_sites_and_dated_when_more_than_one_day(void **state)
{
    (void)state;
    struct incident *incident = calloc(1, sizeof *incident);
    assert_non_null(incident);
    realistic(incident);
    const char *report = write_report(incident, -5 * 60);
    assert_non_null(strstr(report, "UTC-05:00"));
    // 04:51 UTC is the evening before, 05:02 the next day there.
    assert_non_null(strstr(report, "| 2024-11-05 23:51:40 |"));
    assert_non_null(strstr(report, "| 2024-11-06 00:02:10 |"));
    free(incident);
}

static void an_open_incident_says_so_and_has_no_empty_section(void **state)
{
    (void)state;
    struct incident *incident = calloc(1, sizeof *incident);
    assert_non_null(incident);
    text_set(incident->id, "plant-1-1");
    text_set(incident->code, "SOMETHING_NEW");
    text_set(incident->headline, "Something new");
    incident->since = at("2024-11-06T04:51:58.000Z");
    const char *report = write_report(incident, 0);
    assert_non_null(strstr(report, "recovery not yet proven"));
    static const char *const absent[] = {"## Trigger",    "## Timeline",     "## What was",
                                         "## Evidence",   "## Alternatives", "## Resolution",
                                         "## Corrective", "| measure"};
    for (size_t i = 0; i < sizeof absent / sizeof absent[0]; i++)
        assert_null(strstr(report, absent[i]));
    free(incident);
}

static void a_clock_set_back_shows_no_negative_span(void **state)
{
    (void)state;
    struct incident *incident = calloc(1, sizeof *incident);
    assert_non_null(incident);
    realistic(incident);
    incident->acknowledged_at = at("2024-11-06T04:00:00.000Z");
    assert_null(strstr(write_report(incident, 60), "time to acknowledge"));
    free(incident);
}

static void assert_text_becomes(const char *foreign, const char *markdown)
{
    char out[512];
    struct text text;
    text_init(&text, out, sizeof out);
    markdown_text(&text, foreign);
    assert_string_equal(out, markdown);
}

static void foreign_text_stays_text(void **state)
{
    (void)state;
    assert_text_becomes("a|b", "a\\|b");
    assert_text_becomes("one\r\ntwo\n\n# three", "one two # three");
    assert_text_becomes("# not a heading", "\\# not a heading");
    assert_text_becomes("   - not a list", "\\- not a list");
    assert_text_becomes("1. not a list", "1\\. not a list");
    assert_text_becomes("version 1.2", "version 1.2");
    assert_text_becomes("`code` *bold* _it_ [x](javascript:y)",
                        "\\`code\\` \\*bold\\* \\_it\\_ \\[x\\](javascript:y)");
    assert_text_becomes("<script>&lt;&amp; R&D, A & B",
                        "&lt;script&gt;&amp;lt;&amp;amp; R&amp;D, A & B");
    assert_text_becomes("OUTCOME_MISSING", "OUTCOME_MISSING");
    assert_text_becomes("back\\slash\t\x01tab\x7f", "back\\\\slash tab");
    assert_text_becomes("turn\xE2\x80\xAE around\xE2\x81\xA9", "turn around");
    assert_text_becomes("Prüfplatz – 3", "Prüfplatz – 3");
    assert_text_becomes("\xE2", "\xE2"); // a cut character at the very end reads no further
    assert_text_becomes("", "");
}

static void hostile_text_adds_no_line_and_no_markup(void **state)
{
    (void)state;
    struct incident *plain = calloc(1, sizeof *plain);
    struct incident *hostile = calloc(1, sizeof *hostile);
    assert_non_null(plain);
    assert_non_null(hostile);
    realistic(plain);
    realistic(hostile);
    static const char attack[] = "x\n\n# owned\n| a | b |\n```\n<img src=x onerror=alert(1)>";
    text_set(hostile->evidence[0].text, attack);
    text_set(hostile->timeline[1].text, attack);
    text_set(hostile->ruled_out[0].because, attack);
    text_set(hostile->acknowledged_comment, attack);
    text_set(hostile->scope.by_label[0].label, attack);
    text_set(hostile->headline, attack);
    char *expected = strdup(write_report(plain, 60));
    const char *report = write_report(hostile, 60);
    size_t lines = 0;
    for (const char *c = expected; *c != '\0'; c++)
        lines += *c == '\n';
    for (const char *c = report; *c != '\0'; c++)
        lines -= *c == '\n';
    assert_int_equal(lines, 0);
    assert_null(strstr(report, "<img"));
    assert_null(strstr(report, "\n# owned"));
    free(expected);
    free(plain);
    free(hostile);
}

static void a_service_name_that_could_run_a_command_is_in_no_command(void **state)
{
    (void)state;
    struct incident *incident = calloc(1, sizeof *incident);
    assert_non_null(incident);
    realistic(incident);
    assert_non_null(strstr(write_report(incident, 60), "systemctl enable OrderGenerator"));
    text_set(incident->component, "service:SRV-ORDERS/x; rm -rf /");
    assert_null(strstr(write_report(incident, 60), "systemctl"));
    text_set(incident->component, "service:SRV-ORDERS/--force");
    assert_null(strstr(write_report(incident, 60), "systemctl"));
    free(incident);
}

static void the_longest_incident_is_cut_inside_the_buffer(void **state)
{
    (void)state;
    struct incident *incident = calloc(1, sizeof *incident);
    assert_non_null(incident);
    realistic(incident);
    while (incident->timeline_count < INCIDENT_TIMELINE_MAX)
        add_moment(incident, "2024-11-06T05:04:00.000Z", "", "");
    for (uint32_t i = 0; i < INCIDENT_TIMELINE_MAX; i++) {
        memset(incident->timeline[i].text, '<', sizeof incident->timeline[i].text - 1);
        memset(incident->timeline[i].event, '<', sizeof incident->timeline[i].event - 1);
    }
    struct text text;
    text_init(&text, buffer, sizeof buffer);
    report_write(&text, "plant-1", 60, incident);
    assert_true(text.truncated);
    assert_true(strlen(buffer) < sizeof buffer);
    free(incident);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_realistic_outage_reads_as_its_golden_file),
        cmocka_unit_test(the_same_incident_gives_the_same_bytes),
        cmocka_unit_test(times_are_the_sites_and_dated_when_more_than_one_day),
        cmocka_unit_test(an_open_incident_says_so_and_has_no_empty_section),
        cmocka_unit_test(a_clock_set_back_shows_no_negative_span),
        cmocka_unit_test(foreign_text_stays_text),
        cmocka_unit_test(hostile_text_adds_no_line_and_no_markup),
        cmocka_unit_test(a_service_name_that_could_run_a_command_is_in_no_command),
        cmocka_unit_test(the_longest_incident_is_cut_inside_the_buffer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
