// SPDX-License-Identifier: Apache-2.0
// Healthy years one after the other, their false alarms by code.
#include "bench/healthy_year.h"

#include "base/text.h"
#include "bench/year_worker.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_YEAR = 2025, CODES_MAX = 40, SHOWN_MAX = 5, JOBS_MAX = 16 };

struct by_code {
    char code[CODE_SIZE];
    uint32_t count;
};

struct totals {
    uint32_t years, told, opened, false_alarms, batches, batches_named, code_count;
    double played, skipped_fetches, skipped_beats;
    struct by_code codes[CODES_MAX];
};

static void count_code(struct totals *totals, const char *code)
{
    for (uint32_t i = 0; i < totals->code_count; i++)
        if (strcmp(totals->codes[i].code, code) == 0) {
            totals->codes[i].count++;
            return;
        }
    if (totals->code_count == CODES_MAX)
        return;
    struct by_code *added = &totals->codes[totals->code_count++];
    text_set(added->code, code);
    added->count = 1;
}

static void show_alarm(const struct told_alarm *alarm)
{
    char at[WALL_TEXT_SIZE];
    printf("    %s %s %s\n", wall_format((struct wall_time){alarm->at_ms}, at), alarm->code,
           alarm->component);
}

static void add_year(struct totals *totals, int year, const struct healthy_result *result)
{
    totals->years++;
    totals->told += result->told;
    totals->opened += result->opened;
    totals->false_alarms += result->false_alarms;
    totals->batches += result->batches;
    totals->batches_named += result->batches_named;
    totals->played += result->played;
    totals->skipped_fetches += result->skipped_fetches;
    totals->skipped_beats += result->skipped_beats;
    printf("  %d: %u false alarms, %u incidents opened; %u batches not released, %u named\n", year,
           result->false_alarms, result->opened, result->batches, result->batches_named);
    uint32_t shown = 0;
    for (uint32_t i = 0; i < result->told && i < TOLD_MAX; i++) {
        if (result->alarms[i].right)
            continue;
        count_code(totals, result->alarms[i].code);
        if (shown++ < SHOWN_MAX)
            show_alarm(&result->alarms[i]);
    }
    fflush(stdout);
}

// P(at most k) of a Poisson distribution.
static double at_most(double mean, uint32_t k)
{
    double term = exp(-mean), sum = term;
    for (uint32_t i = 1; i <= k; i++)
        sum += term *= mean / i;
    return sum;
}

static void print_totals(const struct totals *totals, double setting)
{
    double mean = setting * totals->years;
    uint32_t low = 0, high = 0;
    while (at_most(mean, low) < 0.025)
        low++;
    while (at_most(mean, high) < 0.975)
        high++;
    printf("  %u years: %u false alarms, %.2f a year; the setting %.2g a year allows %u to %u (95 "
           "%% of a Poisson distribution)\n",
           totals->years, totals->false_alarms,
           totals->years > 0 ? (double)totals->false_alarms / totals->years : 0, setting, low,
           high);
    for (uint32_t i = 0; i < totals->code_count; i++)
        printf("  %-24s %u\n", totals->codes[i].code, totals->codes[i].count);
    printf("  %.3g events played; %.3g healthy fetches and %.3g heartbeats on time stood for\n",
           totals->played, totals->skipped_fetches, totals->skipped_beats);
}

static enum status play_years(const struct healthy_settings *settings, struct totals *totals,
                              struct healthy_result *result)
{
    struct year_worker workers[JOBS_MAX];
    uint32_t jobs = settings->jobs == 0 ? 1 : settings->jobs < JOBS_MAX ? settings->jobs : JOBS_MAX;
    uint32_t started = 0, ended = 0;
    enum status status = STATUS_OK;
    while (ended < started || (status == STATUS_OK && started < settings->years)) {
        if (status == STATUS_OK && started < settings->years && started - ended < jobs) {
            status = year_worker_start(&workers[started % jobs], FIRST_YEAR + (int)started,
                                       settings->seed + started, settings->false_alarms_per_year);
            started += status == STATUS_OK;
            continue;
        }
        struct year_worker *worker = &workers[ended++ % jobs];
        enum status waited = year_worker_wait(worker, result);
        if (waited == STATUS_OK)
            add_year(totals, worker->year, result);
        else
            status = waited;
    }
    return status;
}

enum status healthy_table(const struct healthy_settings *settings)
{
    struct totals totals = {0};
    struct healthy_result *result = calloc(1, sizeof *result);
    if (result == NULL)
        return STATUS_NO_MEMORY;
    printf("\nd) healthy years of %d stations, %d days before each to learn habits\n",
           CALENDAR_STATIONS, LEAD_DAYS);
    fflush(stdout);
    enum status status = play_years(settings, &totals, result);
    if (status == STATUS_OK)
        print_totals(&totals, settings->false_alarms_per_year);
    fflush(stdout);
    free(result);
    return status;
}
