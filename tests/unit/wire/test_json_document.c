// SPDX-License-Identifier: Apache-2.0
// Incidents, transitions, the site's status and the collector's life as JSON.
#include "samples.h"
#include "wire/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

static char buffer[JSON_SITE_STATUS_SIZE];
static struct incident incident, again;
static struct site_status status, status_again;

#define INCIDENT_MEMBERS                                                                           \
    "\"id\":\"plant-20241106T055200-1\",\"code\":\"ORDER_SERVICE_STOPPED\","                       \
    "\"component\":\"service:SRV/OrderService\",\"state\":\"acknowledged\","                       \
    "\"priority\":\"critical\",\"owner\":\"IT\",\"headline\":\"OrderService is stopped\","         \
    "\"cause\":\"The service did not start after the boot.\","                                     \
    "\"why\":{\"code\":\"NOT_TRIED_SINCE_BOOT\",\"text\":\"delayed start never ran\"},"            \
    "\"consequence\":\"No new orders.\",\"action\":\"Start it.\",\"respond_within_s\":300,"        \
    "\"scope\":{\"affected\":200,\"confirmed\":3,\"total\":200,"                                   \
    "\"by_label\":{\"line=L1\":120,\"line=L2\":80}},\"since\":\"2024-11-06T05:52:00.000Z\","       \
    "\"detected_at\":\"2024-11-06T05:52:00.125Z\",\"confidence\":0.9877,"                          \
    "\"alternatives\":[{\"code\":\"ORDER_SERVICE_HUNG\","                                          \
    "\"component\":\"service:SRV/OrderService\",\"probability\":0.0123}],"                         \
    "\"ruled_out\":[{\"code\":\"ORDER_SHARE_DOWN\",\"component\":\"share:orders\","                \
    "\"path\":\"share:orders\",\"because\":\"41 of 41 answers came\"}],"                           \
    "\"evidence\":[{\"node\":\"SRV\",\"kind\":\"service\",\"count\":1,\"text\":\"stopped\"}],"     \
    "\"timeline\":[{\"at\":\"2024-11-06T05:52:00.000Z\",\"text\":\"service stopped\","             \
    "\"event\":\"SRV/a1b2/43\"}],\"acknowledged\":{\"by\":\"mk\","                                 \
    "\"at\":\"2024-11-06T05:53:20.000Z\",\"comment\":\"on it\"},"                                  \
    "\"told_at\":\"2024-11-06T05:52:05.125Z\",\"resolved_at\":\"2024-11-06T05:55:00.000Z\","       \
    "\"closed_at\":\"2024-11-06T05:55:00.001Z\"}"

static void print_incident(void)
{
    struct text out;
    text_init(&out, buffer, sizeof buffer);
    json_write_incident(&out, &incident);
    assert_false(out.truncated);
}

static void an_incident_is_printed_as_the_design_says(void **state)
{
    (void)state;
    sample_incident(&incident);
    print_incident();
    assert_string_equal(buffer, "{" INCIDENT_MEMBERS);
}

static void an_incident_is_read_back(void **state)
{
    (void)state;
    char problem[TEXT_SIZE] = "";
    sample_incident(&incident);
    print_incident();
    assert_int_equal(json_read_incident(buffer, strlen(buffer), &again, problem), STATUS_OK);
    incident.confidence = 0.9877; // four decimals travel
    assert_memory_equal(&again, &incident, sizeof again);
}

static void what_has_not_happened_yet_is_null(void **state)
{
    (void)state;
    char problem[TEXT_SIZE] = "";
    memset(&incident, 0, sizeof incident);
    memset(&again, 0x5A, sizeof again);
    text_set(incident.id, "x");
    print_incident();
    assert_non_null(strstr(buffer, "\"why\":null,"));
    assert_non_null(strstr(buffer, "\"by_label\":{}}"));
    assert_non_null(strstr(buffer, "\"confidence\":0,\"alternatives\":[],"));
    assert_non_null(strstr(buffer, "\"acknowledged\":null,\"told_at\":null,\"resolved_at\":null,"
                                   "\"closed_at\":null}"));
    assert_int_equal(json_read_incident(buffer, strlen(buffer), &again, problem), STATUS_OK);
    assert_memory_equal(&again, &incident, sizeof again);
}

static void a_transition_line_begins_with_when_and_what(void **state)
{
    (void)state;
    struct text out;
    sample_incident(&incident);
    text_init(&out, buffer, sizeof buffer);
    json_write_transition(&out, (struct wall_time){1730869200007}, TRANSITION_OPENED, true,
                          &incident);
    assert_string_equal(buffer, "{\"t\":1730869200.007,\"transition\":\"opened\","
                                "\"annunciated\":true," INCIDENT_MEMBERS);
    text_init(&out, buffer, sizeof buffer);
    json_write_transition(&out, (struct wall_time){1730869200000}, TRANSITION_RESOLVED, false,
                          &incident);
    assert_non_null(strstr(buffer, "{\"t\":1730869200.000,\"transition\":\"resolved\","
                                   "\"annunciated\":false,"));
}

static void probabilities_have_four_decimals_at_most(void **state)
{
    (void)state;
    static const struct {
        double value;
        const char *printed;
    } rows[] = {{0, "0,"},           {1, "1,"},       {0.5, "0.5,"},       {0.25, "0.25,"},
                {0.0001, "0.0001,"}, {0.00004, "0,"}, {0.99996, "1,"},     {0.1234567, "0.1235,"},
                {-3, "0,"},          {7, "1,"},       {(double)NAN, "0,"}, {0.05, "0.05,"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        memset(&incident, 0, sizeof incident);
        incident.confidence = rows[i].value;
        print_incident();
        const char *found = strstr(buffer, "\"confidence\":");
        assert_non_null(found);
        found += strlen("\"confidence\":");
        assert_memory_equal(found, rows[i].printed, strlen(rows[i].printed));
    }
}

static void a_bad_incident_is_refused_with_its_reason(void **state)
{
    (void)state;
    static const struct {
        const char *json, *problem;
    } rows[] = {
        {"{}", "\"id\" is missing or empty"},
        {"{\"id\":\"x\",\"state\":\"open\"}",
         "\"state\" has a value that the contract does not know"},
        {"{\"id\":\"x\",\"confidence\":1.01}", "\"confidence\" must be between 0 and 1"},
        {"{\"id\":\"x\",\"confidence\":1e999999}", "\"confidence\" must be between 0 and 1"},
        {"{\"id\":\"x\",\"since\":\"yesterday\"}",
         "\"since\" must be a time such as 2024-11-06T05:52:00.125Z"},
        {"{\"id\":\"x\",\"since\":1730872320}", "\"since\" must be a text"},
        {"{\"id\":\"x\",\"scope\":{\"by_label\":{\"line=L1\":-1}}}",
         "\"line=L1\" must be a whole number in the range of its type"},
        {"{\"id\":\"x\",\"scope\":null}", "\"scope\" must be an object"},
        {"{\"id\":\"x\",\"alternatives\":[{},{},{},{},{},{},{},{},{}]}",
         "\"alternatives\" has more than 8 entries"},
        {"{\"id\":\"x\"", "not valid JSON at byte 10: expected ',' or '}'"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char problem[TEXT_SIZE] = "";
        sample_incident(&incident);
        again = incident;
        assert_int_equal(json_read_incident(rows[i].json, strlen(rows[i].json), &again, problem),
                         STATUS_INVALID);
        assert_string_equal(problem, rows[i].problem);
        assert_memory_equal(&again, &incident, sizeof again);
    }
}

static void nesting_and_length_are_bounded(void **state)
{
    (void)state;
    char problem[TEXT_SIZE] = "";
    size_t size = JSON_DOCUMENT_MAX + 1;
    char *hostile = malloc(size);
    assert_non_null(hostile);
    memset(hostile, '[', size);
    memcpy(hostile, "{\"x\":", 5);
    assert_int_equal(json_read_incident(hostile, size - 1, &again, problem), STATUS_INVALID);
    assert_non_null(strstr(problem, "nested too deeply"));
    assert_int_equal(json_read_incident(hostile, size, &again, problem), STATUS_INVALID);
    assert_string_equal(problem, "the document is longer than 2097152 bytes");
    free(hostile);
}

static void a_cut_text_says_so(void **state)
{
    (void)state;
    char small[64];
    struct text out;
    sample_incident(&incident);
    text_init(&out, small, sizeof small);
    json_write_incident(&out, &incident);
    assert_true(out.truncated);
}

static void the_worst_incident_fits_the_announced_buffer(void **state)
{
    (void)state;
    struct text out;
    static char exact[JSON_INCIDENT_SIZE];
    // Every text full of characters that need six bytes each, every number at its longest.
    memset(&incident, 1, sizeof incident);
    incident.alternative_count = INCIDENT_ALTERNATIVES_MAX;
    incident.ruled_out_count = INCIDENT_RULED_OUT_MAX;
    incident.evidence_count = INCIDENT_EVIDENCE_MAX;
    incident.timeline_count = INCIDENT_TIMELINE_MAX;
    incident.scope.label_count = INCIDENT_LABELS_MAX;
    incident.since.ms = incident.told_at.ms = 1;
    incident.told = true;
    incident.confidence = 0.1234;
#define END(array) (array)[sizeof(array) - 1] = '\0'
    END(incident.id), END(incident.code), END(incident.component), END(incident.owner);
    END(incident.headline), END(incident.cause), END(incident.why_code), END(incident.why_text);
    END(incident.consequence), END(incident.action), END(incident.acknowledged_by);
    END(incident.acknowledged_comment);
    for (int i = 0; i < INCIDENT_ALTERNATIVES_MAX; i++)
        END(incident.alternatives[i].code), END(incident.alternatives[i].component);
    for (int i = 0; i < INCIDENT_RULED_OUT_MAX; i++)
        END(incident.ruled_out[i].code), END(incident.ruled_out[i].component),
            END(incident.ruled_out[i].path), END(incident.ruled_out[i].because);
    for (int i = 0; i < INCIDENT_EVIDENCE_MAX; i++)
        END(incident.evidence[i].node), END(incident.evidence[i].kind),
            END(incident.evidence[i].text);
    for (int i = 0; i < INCIDENT_TIMELINE_MAX; i++)
        END(incident.timeline[i].text), END(incident.timeline[i].event);
    for (int i = 0; i < INCIDENT_LABELS_MAX; i++)
        END(incident.scope.by_label[i].label);
#undef END
    text_init(&out, exact, sizeof exact);
    json_write_incident(&out, &incident);
    assert_false(out.truncated);
    assert_true(out.length > JSON_INCIDENT_SIZE / 2); // the worst is really bad
}

static void the_site_status_is_printed_and_read_back(void **state)
{
    (void)state;
    struct text out;
    char problem[TEXT_SIZE] = "";
    sample_site_status(&status);
    text_init(&out, buffer, sizeof buffer);
    json_write_site_status(&out, &status);
    assert_string_equal(buffer,
                        "{\"as_of\":\"2024-11-06T05:52:00.125Z\",\"valid_for_s\":30,\"incidents\":["
                        "{\"id\":\"plant-20241106T055200-1\",\"code\":\"ORDER_SERVICE_STOPPED\","
                        "\"component\":\"service:SRV/OrderService\","
                        "\"headline\":\"OrderService is stopped\","
                        "\"since\":\"2024-11-06T05:52:00.000Z\",\"owner\":\"IT\","
                        "\"scope\":{\"affected\":200,\"confirmed\":3,\"total\":200,"
                        "\"by_label\":{\"line=L1\":120}}}],"
                        "\"maintenance\":[{\"component\":\"label:line=L2\","
                        "\"until\":\"2024-11-06T07:00:00.000Z\"}]}");
    assert_int_equal(json_read_site_status(buffer, out.length, &status_again, problem), STATUS_OK);
    assert_memory_equal(&status_again, &status, sizeof status);
}

static void the_worst_site_status_fits_the_announced_buffer(void **state)
{
    (void)state;
    struct text out;
    memset(&status, 0, sizeof status);
    status.incident_count = SITE_STATUS_INCIDENTS_MAX;
    status.maintenance_count = SITE_STATUS_MAINTENANCE_MAX;
    for (int i = 0; i < SITE_STATUS_INCIDENTS_MAX; i++) {
        struct site_status_incident *item = &status.incidents[i];
        memset(item->id, 1, sizeof item->id - 1);
        memset(item->code, 1, sizeof item->code - 1);
        memset(item->component, 1, sizeof item->component - 1);
        memset(item->headline, 1, sizeof item->headline - 1);
        memset(item->owner, 1, sizeof item->owner - 1);
        item->scope.label_count = INCIDENT_LABELS_MAX;
        for (int j = 0; j < INCIDENT_LABELS_MAX; j++) {
            memset(item->scope.by_label[j].label, 1, COMPONENT_SIZE - 1);
            item->scope.by_label[j].affected = UINT32_MAX;
        }
        memset(status.maintenance[i].component, 1, COMPONENT_SIZE - 1);
    }
    text_init(&out, buffer, sizeof buffer);
    json_write_site_status(&out, &status);
    assert_false(out.truncated);
    char problem[TEXT_SIZE] = "";
    assert_int_equal(
        json_read_site_status("{\"incidents\":[{\"code\":\"X\"}]}", 28, &status_again, problem),
        STATUS_INVALID);
}

static void the_collectors_life_is_printed_and_read_back(void **state)
{
    (void)state;
    struct collector_life life = {true, "0.1.0", {1730872320125}}, read;
    struct text out;
    char problem[TEXT_SIZE] = "";
    memset(&read, 0, sizeof read);
    text_init(&out, buffer, sizeof buffer);
    json_write_collector(&out, &life);
    assert_string_equal(buffer, "{\"online\":true,\"version\":\"0.1.0\","
                                "\"started_at\":\"2024-11-06T05:52:00.125Z\"}");
    assert_int_equal(json_read_collector(buffer, out.length, &read, problem), STATUS_OK);
    assert_true(read.online);
    assert_string_equal(read.version, "0.1.0");
    assert_int_equal(read.started_at.ms, life.started_at.ms);
    assert_int_equal(json_read_collector("{\"online\":\"yes\"}", 16, &read, problem),
                     STATUS_INVALID);
    assert_string_equal(problem, "\"online\" must be true or false");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_incident_is_printed_as_the_design_says),
        cmocka_unit_test(an_incident_is_read_back),
        cmocka_unit_test(what_has_not_happened_yet_is_null),
        cmocka_unit_test(a_transition_line_begins_with_when_and_what),
        cmocka_unit_test(probabilities_have_four_decimals_at_most),
        cmocka_unit_test(a_bad_incident_is_refused_with_its_reason),
        cmocka_unit_test(nesting_and_length_are_bounded),
        cmocka_unit_test(a_cut_text_says_so),
        cmocka_unit_test(the_worst_incident_fits_the_announced_buffer),
        cmocka_unit_test(the_site_status_is_printed_and_read_back),
        cmocka_unit_test(the_worst_site_status_fits_the_announced_buffer),
        cmocka_unit_test(the_collectors_life_is_printed_and_read_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
