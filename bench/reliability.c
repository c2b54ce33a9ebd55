// SPDX-License-Identifier: Apache-2.0
// Incidents sorted by their stated confidence, right or wrong.
#include "bench/reliability.h"

#include "bench/judge.h"
#include "collector/core/codebook.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    BINS = 6, // below one half, and a tenth each from there
    EARLY_MS = 1000,
    ECHO_MS = 240000 // an incident after a fault's end may still be about it
};

struct bin {
    uint32_t said;
    double weight, right, confidence; // sums, by weight
};

struct moment { // of an incident's life
    struct bin bins[BINS];
};

struct reliability {
    struct moment opened, told;
};

// Once a year for what the codebook has under another name.
static double rate_of(const char *code)
{
    for (size_t r = 0; r < codebook_count; r++)
        if (strcmp(codebook[r].code, code) == 0)
            return codebook[r].per_year;
    return 1;
}

// The leader alone: a group's other members do not make it right.
static bool is_right(const struct truth *truth, const struct named *named, int64_t t_ms)
{
    struct named leader = *named;
    leader.count = 1;
    for (uint32_t i = 0; i < truth->fault_count; i++) {
        const struct truth_fault *fault = &truth->faults[i];
        bool in_time = t_ms >= fault->onset_ms - EARLY_MS &&
                       (fault->end_ms == TRUTH_NEVER || t_ms <= fault->end_ms + ECHO_MS);
        if (in_time && judge_named(fault, &leader, t_ms) > 0)
            return true;
    }
    return false;
}

static void add(struct moment *moment, const struct truth *truth, const struct named *named,
                int64_t t_ms, double weight)
{
    if (named->count == 0 || t_ms < 0)
        return;
    double confidence = named->items[0].probability;
    int tenth = confidence >= 1 ? 9 : (int)(confidence * 10);
    struct bin *bin = &moment->bins[tenth < 5 ? 0 : tenth - 4];
    bin->said++;
    bin->weight += weight;
    bin->confidence += weight * confidence;
    if (is_right(truth, named, t_ms))
        bin->right += weight;
}

static void add_run(struct reliability *table, const struct truth *truth,
                    const struct engine_run *run, double weight)
{
    for (uint32_t i = 0; i < run->count; i++) {
        const struct incident_record *record = &run->records[i];
        add(&table->opened, truth, &record->when_opened, record->opened_ms, weight);
        add(&table->told, truth, &record->when_told, record->told_ms, weight);
    }
}

static enum status run_one(struct reliability *table, const struct truth_settings *settings,
                           const char *code, uint64_t seed, struct engine_run *run)
{
    struct trace_plan plan = {.seed = seed, .code = code, .stations = settings->stations};
    struct scenario *scenario = NULL;
    enum status status = scenario_new(&plan, &scenario);
    if (status != STATUS_OK)
        return status;
    struct plant_config config;
    status = plant_config_init(&config, scenario_plant(scenario));
    if (status == STATUS_OK)
        status = engine_run_scenario(scenario, &config.engine, NULL, 0, run);
    if (status == STATUS_OK)
        add_run(table, scenario_truth(scenario), run, rate_of(code));
    plant_config_fini(&config);
    scenario_free(scenario);
    return status;
}

static void print_moment(const char *when, const struct moment *moment)
{
    printf("%-12s %6s %8s %8s\n", when, "said", "stated", "right");
    for (int b = 0; b < BINS; b++) {
        const struct bin *bin = &moment->bins[b];
        if (bin->said > 0)
            printf("%.1f to %.1f   %6u %8.3f %8.3f\n", b == 0 ? 0 : 0.4 + b * 0.1, 0.5 + b * 0.1,
                   bin->said, bin->confidence / bin->weight, bin->right / bin->weight);
    }
}

// Those that are about a cause: a healthy plant's false alarms have a table of their own, and of
// several faults at once no rate is known.
static bool is_cause(const char *code)
{
    return strcmp(code, "HEALTHY") != 0 && strcmp(code, "SEVERAL") != 0;
}

enum status reliability_table(const struct truth_settings *settings)
{
    struct engine_run *run = calloc(1, sizeof *run);
    if (run == NULL)
        return STATUS_NO_MEMORY;
    struct reliability table = {0};
    enum status status = STATUS_OK;
    for (size_t i = 0; status == STATUS_OK && scenario_code(i) != NULL; i++) {
        const char *code = scenario_code(i);
        bool wanted = settings->only == NULL || strcmp(settings->only, code) == 0;
        for (uint32_t n = 0; wanted && is_cause(code) && n < settings->per_code; n++)
            if (status == STATUS_OK)
                status = run_one(&table, settings, code, settings->seed + n, run);
    }
    if (status == STATUS_OK) {
        printf("\ne) how often a stated confidence is right, %u scenarios of each code, weighed by "
               "how often its cause happens\n",
               settings->per_code);
        print_moment("opened", &table.opened);
        print_moment("told", &table.told);
    }
    free(run);
    return status;
}
