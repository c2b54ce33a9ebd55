// SPDX-License-Identifier: Apache-2.0
// The scenarios of a code one after the other, their judgements added up, a row each.
#include "bench/truth_table.h"

#include "bench/judge.h"
#include "bench/samples.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct row {
    uint32_t scenarios, faults, invisible, missed, spurious, silent_right;
    uint32_t alerts, told;
    double named_first, named_last;
    struct samples delays, opened;
};

struct table {
    const struct truth_settings *settings;
    struct engine_run *run;
    struct row main, beside; // of the code in hand
    struct row total, total_beside;
};

static void row_init(struct row *row)
{
    *row = (struct row){0};
    samples_init(&row->delays);
    samples_init(&row->opened);
}

static void row_fini(struct row *row)
{
    samples_fini(&row->delays);
    samples_fini(&row->opened);
}

static double percent(double part, uint32_t whole)
{
    return whole > 0 ? 100.0 * part / whole : 0;
}

static void print_head(void)
{
    printf("%-24s %4s %6s %6s %6s %6s %6s %5s %7s %7s %7s %6s\n", "code", "n", "first%", "end%",
           "alerts", "spur", "missed", "unsee", "p50 s", "p90 s", "max s", "runs");
}

static void print_row(const char *name, struct row *row)
{
    printf("%-24s %4u %6.1f %6.1f %6.2f %6u %6u %5u %7.1f %7.1f %7.1f %6u\n", name, row->faults,
           percent(row->named_first, row->faults), percent(row->named_last, row->faults),
           row->told > 0 ? (double)row->alerts / row->told : 0, row->spurious, row->missed,
           row->invisible, samples_quantile(&row->delays, 0.5), samples_quantile(&row->delays, 0.9),
           samples_quantile(&row->delays, 1.0), row->scenarios);
    fflush(stdout);
}

static void add_fault(struct row *row, const struct truth_fault *fault,
                      const struct fault_judgement *judged)
{
    if (!judged->visible && !judged->told) {
        row->invisible++;
        return;
    }
    row->faults++;
    row->alerts += judged->alerts;
    if (fault->quiet) { // right is: noticed, and nobody told
        bool right = judged->quiet_seen && !judged->told;
        row->named_first += right;
        row->named_last += right;
        row->told += judged->told;
        return;
    }
    row->told += judged->told;
    row->missed += !judged->told;
    row->named_first += judged->named_first;
    row->named_last += judged->named_last;
    if (judged->told)
        samples_add(&row->delays, (double)judged->delay_ms / 1000);
    if (judged->opened_delay_ms >= 0)
        samples_add(&row->opened, (double)judged->opened_delay_ms / 1000);
}

// ---- what went wrong, for those who look for it ------------------------------------------------

static void print_named(const char *word, const struct named *named)
{
    printf("      %s:", word);
    for (uint32_t i = 0; i < named->count; i++)
        printf(" %s %s %.2f", named->items[i].code, named->items[i].component,
               named->items[i].probability);
    printf("\n");
}

static void print_records(const struct engine_run *run)
{
    for (uint32_t i = 0; i < run->count; i++) {
        const struct incident_record *record = &run->records[i];
        printf("    incident opened %.1f told %.1f (%u times) resolved %.1f\n",
               (double)record->opened_ms / 1000, (double)record->told_ms / 1000, record->told,
               (double)record->resolved_ms / 1000);
        print_named("opened", &record->when_opened);
        if (record->told > 0)
            print_named("told", &record->when_told);
        print_named("last", &record->at_last);
    }
}

static bool is_flawed(const struct truth *truth, const struct judgement *judgement)
{
    bool flawed = judgement->spurious > 0;
    for (uint32_t i = 0; i < truth->fault_count; i++) {
        const struct fault_judgement *judged = &judgement->faults[i];
        if (truth->faults[i].quiet)
            flawed |= judged->told || !judged->quiet_seen;
        else if (judged->visible)
            flawed |=
                judged->named_first < 0.999 || judged->named_last < 0.999 || judged->alerts > 1;
        else
            flawed |= judged->alerts > 1;
    }
    return flawed;
}

static void print_flawed(const struct truth *truth, const struct judgement *judgement,
                         const struct engine_run *run)
{
    printf("  seed %" PRIu64 " %s: %u stations, %u servers, agents %s; %s; spurious %u\n",
           truth->seed, truth->code, truth->stations, truth->servers, truth->agents ? "yes" : "no",
           truth->variants, judgement->spurious);
    for (uint32_t i = 0; i < truth->fault_count; i++) {
        const struct truth_fault *fault = &truth->faults[i];
        const struct fault_judgement *judged = &judgement->faults[i];
        printf("    true: %s (%s) %s from %.1f symptom %.1f end %.1f, %u symptoms: first %.2f end "
               "%.2f alerts %u\n",
               fault->code, fault->manner, fault->component, (double)fault->onset_ms / 1000,
               fault->symptom_ms == TRUTH_NEVER ? -1 : (double)fault->symptom_ms / 1000,
               fault->end_ms == TRUTH_NEVER ? -1 : (double)fault->end_ms / 1000, fault->symptoms,
               judged->named_first, judged->named_last, judged->alerts);
    }
    print_records(run);
}

// ---- runs ------------------------------------------------------------------------------------

static void add_run(struct table *table, const struct truth *truth)
{
    struct judgement judgement;
    judge_run(truth, table->run, &judgement);
    table->main.scenarios++;
    table->main.spurious += judgement.spurious;
    bool quiet = truth->fault_count == 0 && judgement.spurious == 0;
    table->main.silent_right += quiet;
    for (uint32_t i = 0; i < truth->fault_count; i++)
        add_fault(truth->faults[i].beside ? &table->beside : &table->main, &truth->faults[i],
                  &judgement.faults[i]);
    if (table->settings->verbose && is_flawed(truth, &judgement))
        print_flawed(truth, &judgement, table->run);
}

static enum status run_one(struct table *table, const char *code, uint64_t seed)
{
    struct trace_plan plan = {.seed = seed, .code = code, .stations = table->settings->stations};
    struct scenario *scenario = NULL;
    enum status status = scenario_new(&plan, &scenario);
    if (status != STATUS_OK)
        return status;
    struct plant_config config;
    status = plant_config_init(&config, scenario_plant(scenario));
    if (status == STATUS_OK)
        status = engine_run_scenario(scenario, &config.engine, NULL, 0, table->run);
    if (status == STATUS_OK)
        add_run(table, scenario_truth(scenario));
    plant_config_fini(&config);
    scenario_free(scenario);
    return status;
}

static void add_up(struct row *total, const struct row *row)
{
    total->scenarios += row->scenarios;
    total->faults += row->faults;
    total->invisible += row->invisible;
    total->missed += row->missed;
    total->spurious += row->spurious;
    total->alerts += row->alerts;
    total->told += row->told;
    total->named_first += row->named_first;
    total->named_last += row->named_last;
    for (size_t i = 0; i < row->delays.count; i++)
        samples_add(&total->delays, row->delays.items[i]);
}

static enum status run_code(struct table *table, const char *code)
{
    row_init(&table->main);
    row_init(&table->beside);
    enum status status = STATUS_OK;
    for (uint32_t i = 0; status == STATUS_OK && i < table->settings->per_code; i++)
        status = run_one(table, code, table->settings->seed + i);
    print_row(code, &table->main);
    add_up(&table->total, &table->main);
    add_up(&table->total_beside, &table->beside);
    row_fini(&table->main);
    row_fini(&table->beside);
    return status;
}

enum status truth_table(const struct truth_settings *settings)
{
    struct table table = {.settings = settings, .run = calloc(1, sizeof *table.run)};
    if (table.run == NULL)
        return STATUS_NO_MEMORY;
    row_init(&table.total);
    row_init(&table.total_beside);
    print_head();
    enum status status = STATUS_OK;
    for (size_t i = 0; status == STATUS_OK && scenario_code(i) != NULL; i++)
        if (settings->only == NULL || strcmp(settings->only, scenario_code(i)) == 0)
            status = run_code(&table, scenario_code(i));
    print_row("all", &table.total);
    print_row("station faults beside", &table.total_beside);
    row_fini(&table.total);
    row_fini(&table.total_beside);
    free(table.run);
    return status;
}
