// SPDX-License-Identifier: Apache-2.0
// The scenarios of a code one after the other, their judgements added up, a row each.
#include "bench/truth_table.h"

#include "base/text.h"
#include "bench/baseline.h"
#include "bench/judge.h"
#include "bench/samples.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COMPARED_SIZE = 16384 };

struct row {
    uint32_t scenarios, faults, invisible, missed, spurious;
    uint32_t alerts, told;
    double named_first, named_last;
    struct samples delays, opened;
};

enum method { METHOD_ENGINE, METHOD_THRESHOLD, METHOD_PARENTS, METHOD_COUNT };

struct table {
    const struct truth_settings *settings;
    struct engine_run *run;
    struct row main[METHOD_COUNT], beside[METHOD_COUNT]; // of the code in hand
    struct row total[METHOD_COUNT], total_beside[METHOD_COUNT];
    struct text compared; // table b, printed behind table a
    char buffer[COMPARED_SIZE];
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

static void add_run(struct table *table, enum method method, const struct truth *truth,
                    const struct engine_run *run)
{
    struct judgement judgement;
    struct row *row = &table->main[method];
    judge_run(truth, run, &judgement);
    row->scenarios++;
    row->spurious += judgement.spurious + run->refused;
    for (uint32_t i = 0; i < truth->fault_count; i++)
        add_fault(truth->faults[i].beside ? &table->beside[method] : row, &truth->faults[i],
                  &judgement.faults[i]);
    if (method == METHOD_ENGINE && table->settings->verbose && is_flawed(truth, &judgement))
        print_flawed(truth, &judgement, run);
}

static enum status play(struct table *table, struct scenario *scenario,
                        const struct engine_config *config)
{
    struct baseline *baselines[BASELINE_COUNT] = {NULL};
    struct listener listeners[BASELINE_COUNT];
    enum status status = STATUS_OK;
    for (int i = 0; status == STATUS_OK && i < BASELINE_COUNT; i++) {
        status = baseline_new((enum baseline_kind)i, scenario_plant(scenario), &baselines[i]);
        listeners[i] = (struct listener){baseline_hear, baselines[i]};
    }
    if (status == STATUS_OK)
        status = engine_run_scenario(scenario, config, listeners, BASELINE_COUNT, table->run);
    if (status == STATUS_OK) {
        const struct truth *truth = scenario_truth(scenario);
        add_run(table, METHOD_ENGINE, truth, table->run);
        for (int i = 0; i < BASELINE_COUNT; i++)
            add_run(table, (enum method)(METHOD_THRESHOLD + i), truth,
                    baseline_end(baselines[i], truth->length_ms));
    }
    for (int i = 0; i < BASELINE_COUNT; i++)
        baseline_free(baselines[i]);
    return status;
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
        status = play(table, scenario, &config.engine);
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

// Alerts for each fault, those for nothing included, beside the baselines.
static void compare(struct table *table, const char *name, struct row rows[METHOD_COUNT])
{
    text_printf(&table->compared, "%-24s", name);
    for (int i = 0; i < METHOD_COUNT; i++) {
        double whole = rows[i].faults > 0 ? rows[i].faults : rows[i].scenarios;
        text_printf(&table->compared, "  %6.1f %8.2f %7.1f",
                    percent(rows[i].named_last, rows[i].faults),
                    whole > 0 ? (rows[i].alerts + rows[i].spurious) / whole : 0,
                    samples_quantile(&rows[i].delays, 0.5));
    }
    text_append(&table->compared, "\n");
}

static enum status run_code(struct table *table, const char *code)
{
    enum status status = STATUS_OK;
    for (int i = 0; i < METHOD_COUNT; i++) {
        row_init(&table->main[i]);
        row_init(&table->beside[i]);
    }
    for (uint32_t i = 0; status == STATUS_OK && i < table->settings->per_code; i++)
        status = run_one(table, code, table->settings->seed + i);
    print_row(code, &table->main[METHOD_ENGINE]);
    compare(table, code, table->main);
    for (int i = 0; i < METHOD_COUNT; i++) {
        add_up(&table->total[i], &table->main[i]);
        add_up(&table->total_beside[i], &table->beside[i]);
        row_fini(&table->main[i]);
        row_fini(&table->beside[i]);
    }
    return status;
}

static void print_totals(struct table *table)
{
    static const char beside[] = "station faults beside";
    print_row("all", &table->total[METHOD_ENGINE]);
    print_row(beside, &table->total_beside[METHOD_ENGINE]);
    compare(table, "all", table->total);
    compare(table, beside, table->total_beside);
    printf("\nb) the same traces by rules; named right at the end, notices a fault, delay\n"
           "%-24s  %-23s  %-23s  %-23s\n%-24s",
           "", "Stationwatch", "fixed thresholds", "declared parents", "code");
    for (int i = 0; i < METHOD_COUNT; i++)
        printf("  %6s %8s %7s", "end%", "notices", "p50 s");
    printf("\n%s", table->buffer);
}

enum status truth_table(const struct truth_settings *settings)
{
    struct table *table = calloc(1, sizeof *table);
    struct engine_run *run = calloc(1, sizeof *run);
    enum status status = table != NULL && run != NULL ? STATUS_OK : STATUS_NO_MEMORY;
    if (status == STATUS_OK) {
        table->settings = settings;
        table->run = run;
        text_init(&table->compared, table->buffer, sizeof table->buffer);
        printf("\na) truth over random scenarios, %u of each code\n", settings->per_code);
        print_head();
    }
    for (size_t i = 0; status == STATUS_OK && scenario_code(i) != NULL; i++)
        if (settings->only == NULL || strcmp(settings->only, scenario_code(i)) == 0)
            status = run_code(table, scenario_code(i));
    if (status == STATUS_OK)
        print_totals(table);
    for (int i = 0; table != NULL && i < METHOD_COUNT; i++) {
        row_fini(&table->total[i]);
        row_fini(&table->total_beside[i]);
    }
    free(run);
    free(table);
    return status;
}
