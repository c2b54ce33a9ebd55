// SPDX-License-Identifier: Apache-2.0
// The generator of scenarios: the same seed gives the same bytes, every code has its truth, and
// what is written can be read.
#include "base/hash.h"
#include "base/text.h"
#include "collector/core/codebook.h"
#include "sim/trace/event_queue.h"
#include "sim/trace/fault.h"
#include "sim/trace/scenario.h"
#include "sim/trace/trace_folder.h"
#include "wire/trace.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { STATIONS = 24, SEEDS = 3, LINE_SIZE = 1 << 18, FOLDER_STATIONS = 8 };

static uint64_t first_seed(void)
{
    const char *given = getenv("STATIONWATCH_SEED");
    uint64_t seed = given != NULL ? strtoull(given, NULL, 10) : 1;
    printf("STATIONWATCH_SEED=%" PRIu64 "\n", seed);
    return seed;
}

static struct scenario *new_scenario(const char *code, uint64_t seed, uint32_t stations)
{
    struct trace_plan plan = {.seed = seed, .code = code, .stations = stations};
    struct scenario *scenario = NULL;
    assert_int_equal(scenario_new(&plan, &scenario), STATUS_OK);
    return scenario;
}

// ---- the heap --------------------------------------------------------------------------------

static void events_come_by_time_and_those_of_one_time_as_they_were_pushed(void **state)
{
    (void)state;
    static const int64_t times[] = {5, 1, 3, 5, 1, 4, 5, 2};
    static const uint32_t order[] = {1, 4, 7, 2, 5, 0, 3, 6};
    struct event_queue queue;
    struct queued event;
    event_queue_init(&queue);
    for (uint32_t i = 0; i < 8; i++)
        assert_int_equal(event_queue_push(&queue, (struct queued){.at_ms = times[i], .who = i}),
                         STATUS_OK);
    for (uint32_t i = 0; i < 8; i++) {
        assert_true(event_queue_pop(&queue, &event));
        assert_int_equal(event.who, order[i]);
    }
    assert_false(event_queue_pop(&queue, &event));
    event_queue_fini(&queue);
}

// ---- runs ------------------------------------------------------------------------------------

struct heard {
    uint64_t hash, messages, failed;
    int64_t last_ms;
    bool back_in_time;
};

static void hear(void *context, const struct emission *emission)
{
    struct heard *heard = context;
    char line[TEXT_SIZE];
    snprintf(line, sizeof line, "%" PRId64 "%s%d%d", emission->t_ms,
             emission->is_link ? "link" : emission->node, emission->retained, emission->link_up);
    heard->hash = heard->hash * 31 + hash_text(line);
    heard->back_in_time |= emission->t_ms < heard->last_ms;
    heard->last_ms = emission->t_ms;
    heard->messages++;
    if (!emission->is_link && emission->message->kind == MESSAGE_ORDER)
        heard->failed += emission->message->order.outcome != OUTCOME_OK;
}

static struct heard run(struct scenario *scenario)
{
    struct heard heard = {0};
    assert_int_equal(scenario_run(scenario, hear, &heard), STATUS_OK);
    return heard;
}

static void the_same_seed_gives_the_same_emissions_and_another_seed_others(void **state)
{
    (void)state;
    struct scenario *one = new_scenario("ORDER_SERVICE_STOPPED", 7, STATIONS);
    struct scenario *same = new_scenario("ORDER_SERVICE_STOPPED", 7, STATIONS);
    struct scenario *other = new_scenario("ORDER_SERVICE_STOPPED", 8, STATIONS);
    struct heard a = run(one), b = run(same), c = run(other);
    assert_true(a.hash == b.hash && a.messages == b.messages);
    assert_true(a.hash != c.hash);
    scenario_free(one);
    scenario_free(same);
    scenario_free(other);
}

static void time_never_goes_back_in_any_code(void **state)
{
    (void)state;
    uint64_t seed = first_seed();
    for (size_t i = 0; scenario_code(i) != NULL; i++) {
        struct scenario *scenario = new_scenario(scenario_code(i), seed, STATIONS);
        struct heard heard = run(scenario);
        if (heard.back_in_time || heard.messages < 1000)
            fail_msg("%s: back in time %d, %" PRIu64 " messages", scenario_code(i),
                     heard.back_in_time, heard.messages);
        scenario_free(scenario);
    }
}

// ---- truth -----------------------------------------------------------------------------------

static void every_cause_of_the_codebook_has_scenarios(void **state)
{
    (void)state;
    for (size_t i = 0; i < codebook_count; i++) {
        bool found = false;
        for (size_t k = 0; scenario_code(k) != NULL; k++)
            found |= strcmp(scenario_code(k), codebook[i].code) == 0;
        if (!found)
            fail_msg("no scenario of %s", codebook[i].code);
    }
}

static void check_truth(const struct truth *truth, const char *code, uint64_t seed)
{
    bool healthy = strcmp(code, "HEALTHY") == 0, several = strcmp(code, "SEVERAL") == 0;
    assert_string_equal(truth->code, code);
    assert_true(truth->seed == seed);
    if (healthy) {
        for (uint32_t i = 0; i < truth->fault_count; i++)
            assert_true(truth->faults[i].beside);
        return;
    }
    assert_true(truth->fault_count >= (several ? 2 : 1));
    const struct truth_fault *fault = &truth->faults[0];
    if (!several)
        assert_string_equal(fault->code, code);
    assert_true(fault->onset_ms > 0 && fault->onset_ms < fault->end_ms);
    assert_true(fault->end_ms < truth->length_ms);
    assert_true(fault->symptom_ms == TRUTH_NEVER || fault->symptom_ms >= fault->onset_ms);
}

static void the_truth_of_every_code_is_complete(void **state)
{
    (void)state;
    uint64_t seed = first_seed();
    for (size_t i = 0; scenario_code(i) != NULL; i++) {
        uint32_t visible = 0;
        for (uint64_t k = seed; k < seed + SEEDS; k++) {
            struct scenario *scenario = new_scenario(scenario_code(i), k, 2 * STATIONS);
            assert_int_equal(run(scenario).messages > 0, true);
            const struct truth *truth = scenario_truth(scenario);
            check_truth(truth, scenario_code(i), k);
            visible += truth->fault_count == 0 || truth->faults[0].symptom_ms != TRUTH_NEVER;
            scenario_free(scenario);
        }
        if (visible == 0)
            fail_msg("%s shows in none of %d scenarios", scenario_code(i), SEEDS);
    }
}

static void a_healthy_plant_has_few_failures(void **state)
{
    (void)state;
    struct scenario *scenario = new_scenario("HEALTHY", 3, 200);
    struct heard heard = run(scenario);
    assert_true(heard.failed * 50 < heard.messages); // a few, as in life
    scenario_free(scenario);
}

static void an_unknown_code_is_refused(void **state)
{
    (void)state;
    struct trace_plan plan = {.seed = 1, .code = "ORDER_SERVICE_BORED"};
    struct scenario *scenario = NULL;
    assert_int_equal(scenario_new(&plan, &scenario), STATUS_NOT_FOUND);
    assert_null(scenario);
}

// ---- files -----------------------------------------------------------------------------------

static void remove_folder(const char *folder)
{
    static const char *const names[] = {"trace.jsonl", "collector.yaml", "stations.csv",
                                        "truth.json"};
    char path[256];
    for (size_t i = 0; i < 4; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        assert_int_equal(unlink(path), 0);
    }
    assert_int_equal(rmdir(folder), 0);
}

static void check_lines(const char *folder)
{
    char path[256], problem[TEXT_SIZE];
    char *line = malloc(LINE_SIZE);
    struct trace_line *read = malloc(sizeof *read);
    int64_t last_ms = 0;
    enum trace_kind kind = TRACE_MESSAGE;
    snprintf(path, sizeof path, "%s/trace.jsonl", folder);
    FILE *file = fopen(path, "r");
    if (file == NULL || line == NULL || read == NULL)
        fail_msg("cannot read %s", path);
    while (file != NULL && line != NULL && read != NULL && fgets(line, LINE_SIZE, file) != NULL) {
        if (trace_read_line(line, strcspn(line, "\n"), read, problem) != STATUS_OK)
            fail_msg("%s: %s", problem, line);
        assert_true(read->t.ms >= last_ms);
        last_ms = read->t.ms;
        kind = read->kind;
    }
    assert_int_equal(kind, TRACE_END);
    fclose(file);
    free(line);
    free(read);
}

static void what_is_written_is_accepted_by_the_reader_of_traces(void **state)
{
    (void)state;
    for (size_t i = 0; scenario_code(i) != NULL; i++) {
        char folder[] = "/tmp/stationwatch-trace-XXXXXX", problem[TEXT_SIZE];
        assert_non_null(mkdtemp(folder));
        struct scenario *scenario = new_scenario(scenario_code(i), 5, FOLDER_STATIONS);
        assert_int_equal(trace_folder_write(scenario, folder, problem), STATUS_OK);
        check_lines(folder);
        scenario_free(scenario);
        remove_folder(folder);
    }
}

static void a_folder_that_is_not_there_is_named(void **state)
{
    (void)state;
    char problem[TEXT_SIZE] = "";
    struct scenario *scenario = new_scenario("HEALTHY", 1, 8);
    assert_int_equal(trace_folder_write(scenario, "/nowhere/at/all", problem), STATUS_IO);
    assert_non_null(strstr(problem, "/nowhere/at/all"));
    scenario_free(scenario);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(events_come_by_time_and_those_of_one_time_as_they_were_pushed),
        cmocka_unit_test(the_same_seed_gives_the_same_emissions_and_another_seed_others),
        cmocka_unit_test(time_never_goes_back_in_any_code),
        cmocka_unit_test(every_cause_of_the_codebook_has_scenarios),
        cmocka_unit_test(the_truth_of_every_code_is_complete),
        cmocka_unit_test(a_healthy_plant_has_few_failures),
        cmocka_unit_test(an_unknown_code_is_refused),
        cmocka_unit_test(what_is_written_is_accepted_by_the_reader_of_traces),
        cmocka_unit_test(a_folder_that_is_not_there_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
