// SPDX-License-Identifier: Apache-2.0
// Writing a scenario: the trace as it is played, then what is known of it.
#include "sim/trace/trace_folder.h"

#include "base/text.h"
#include "wire/trace.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_SIZE = JSON_MESSAGE_SIZE + 4096, PATH_SIZE = 1024 };

struct trace_file {
    FILE *file;
    int64_t wall_ms, last_ms;
    char *buffer;
    struct trace_line line; // large: kept here
};

static void put_line(struct trace_file *trace)
{
    struct text text;
    text_init(&text, trace->buffer, LINE_SIZE);
    trace_write_line(&text, &trace->line);
    fputs(trace->buffer, trace->file);
}

static void put_emission(void *context, const struct emission *emission)
{
    struct trace_file *trace = context;
    trace->last_ms = emission->t_ms;
    struct trace_line *line = &trace->line;
    line->t.ms = trace->wall_ms + emission->t_ms;
    line->retained = emission->retained;
    if (emission->is_link) {
        line->kind = TRACE_LINK;
        line->link_up = emission->link_up;
    } else {
        line->kind = TRACE_MESSAGE;
        line->topic = (struct topic){.kind = emission->message->kind};
        text_set(line->topic.site, PLANT_SITE);
        text_set(line->topic.node, emission->node);
        line->message = *emission->message;
    }
    put_line(trace);
}

static enum status write_trace(struct scenario *scenario, FILE *file)
{
    struct trace_file *trace = calloc(1, sizeof *trace);
    char *buffer = malloc(LINE_SIZE);
    enum status status = STATUS_NO_MEMORY;
    if (trace != NULL && buffer != NULL) {
        trace->file = file;
        trace->wall_ms = scenario_wall_ms(scenario);
        trace->buffer = buffer;
        status = scenario_run(scenario, put_emission, trace);
        int64_t length_ms = scenario_truth(scenario)->length_ms;
        trace->line.kind = TRACE_END;
        trace->line.t.ms =
            trace->wall_ms + (length_ms > trace->last_ms ? length_ms : trace->last_ms);
        put_line(trace);
    }
    free(buffer);
    free(trace);
    return status;
}

void trace_folder_config(const struct plant *plant, FILE *file)
{
    fprintf(file, "site: " PLANT_SITE "\n");
    // Without a list a station depends on every server: only a plant with one can go without.
    if (plant->listed || plant->server_count > 1)
        fprintf(file, "stations: stations.csv\n");
    fprintf(file, "services:\n");
    for (uint32_t i = 0; i < plant->server_count; i++)
        fprintf(file,
                "  - server: %s\n    name: " PLANT_SERVICE
                "\n    share: %s\n    upstream: the host system\n",
                plant->servers[i].node, plant->servers[i].share);
    fprintf(file, "servers:\n");
    for (uint32_t i = 0; i < plant->server_count; i++)
        fprintf(file, "  - name: %s\n    agent: %s\n", plant->servers[i].node,
                plant->servers[i].agent ? "true" : "false");
}

void trace_folder_stations(const struct plant *plant, FILE *file)
{
    fprintf(file, "node,line,area,segment,server%s\n", plant->versions_listed ? ",version" : "");
    for (uint32_t i = 0; i < plant->station_count; i++) {
        const struct plant_station *station = &plant->stations[i];
        char line[16], area[16], segment[16];
        plant_line_name(station->line, line);
        plant_area_name(station->area, area);
        plant_segment_name(station->segment, segment);
        fprintf(file, "%s,%s,%s,%s,%s", station->node, line, area, segment,
                plant->servers[station->server].node);
        if (plant->versions_listed)
            fprintf(file, ",%s", plant_version(station->new_version));
        fputc('\n', file);
    }
}

// ---- truth -----------------------------------------------------------------------------------

static void put_text(FILE *file, const char *key, const char *value)
{
    char buffer[TEXT_SIZE * 6];
    struct text text;
    text_init(&text, buffer, sizeof buffer);
    json_write_string(&text, value);
    fprintf(file, "\"%s\":%s", key, buffer);
}

static void put_time(FILE *file, const char *key, int64_t t_ms)
{
    if (t_ms == TRUTH_NEVER)
        fprintf(file, ",\"%s\":null", key);
    else
        fprintf(file, ",\"%s\":%" PRId64 ".%03d", key, t_ms / 1000, (int)(t_ms % 1000));
}

static const char *word(bool value)
{
    return value ? "true" : "false";
}

static void put_fault(FILE *file, const struct truth_fault *fault)
{
    fputs("    {", file);
    put_text(file, "code", fault->code);
    fputc(',', file);
    put_text(file, "component", fault->component);
    fputc(',', file);
    put_text(file, "manner", fault->manner);
    put_time(file, "onset", fault->onset_ms);
    put_time(file, "detectable_from", fault->symptom_ms);
    put_time(file, "end", fault->end_ms);
    fprintf(file, ",\"symptoms\":%" PRIu32 ",\"quiet\":%s,\"latent\":%s,\"beside\":%s",
            fault->symptoms, word(fault->quiet), word(fault->latent), word(fault->beside));
    fputs(",\"not_split_from\":[", file);
    for (uint32_t i = 0; i < fault->rival_count; i++) {
        fputs(i > 0 ? ",{" : "{", file);
        put_text(file, "code", fault->rivals[i].code);
        fputc(',', file);
        put_text(file, "component", fault->rivals[i].component);
        put_time(file, "until", fault->rivals[i].splits_at_ms);
        fputc('}', file);
    }
    fputs("]}", file);
}

void trace_folder_truth(const struct truth *truth, FILE *file)
{
    fprintf(file, "{\n  \"seed\":%" PRIu64 ",", truth->seed);
    put_text(file, "code", truth->code);
    fputc(',', file);
    put_text(file, "variants", truth->variants);
    fprintf(file, ",\n  \"stations\":%" PRIu32 ",\"servers\":%" PRIu32 ",\"server_agents\":%s",
            truth->stations, truth->servers, word(truth->agents));
    put_time(file, "length", truth->length_ms);
    fputs(",\n  \"faults\":[\n", file);
    for (uint32_t i = 0; i < truth->fault_count; i++) {
        put_fault(file, &truth->faults[i]);
        fputs(i + 1 < truth->fault_count ? ",\n" : "\n", file);
    }
    fputs("  ]\n}\n", file);
}

// ---- the folder ------------------------------------------------------------------------------

static FILE *open_in(const char *folder, const char *name, char problem[TEXT_SIZE])
{
    char path[PATH_SIZE];
    FILE *file = NULL;
    if (snprintf(path, sizeof path, "%s/%s", folder, name) < (int)sizeof path)
        file = fopen(path, "w");
    else
        errno = ENAMETOOLONG;
    if (file == NULL)
        snprintf(problem, TEXT_SIZE, "cannot write %s in %.150s: %s", name, folder,
                 strerror(errno));
    return file;
}

static enum status close_file(FILE *file, const char *name, char problem[TEXT_SIZE])
{
    bool failed = ferror(file) != 0;
    if (fclose(file) == 0 && !failed)
        return STATUS_OK;
    snprintf(problem, TEXT_SIZE, "writing %s failed: %s", name, strerror(errno));
    return STATUS_IO;
}

enum piece { PIECE_TRACE, PIECE_CONFIG, PIECE_STATIONS, PIECE_TRUTH, PIECE_COUNT };

static enum status write_piece(struct scenario *scenario, enum piece piece, FILE *file)
{
    switch (piece) {
    case PIECE_TRACE:
        return write_trace(scenario, file);
    case PIECE_CONFIG:
        trace_folder_config(scenario_plant(scenario), file);
        break;
    case PIECE_STATIONS:
        trace_folder_stations(scenario_plant(scenario), file);
        break;
    default:
        trace_folder_truth(scenario_truth(scenario), file);
        break;
    }
    return STATUS_OK;
}

enum status trace_folder_write(struct scenario *scenario, const char *folder,
                               char problem[TEXT_SIZE])
{
    static const char *const names[] = {"trace.jsonl", "collector.yaml", "stations.csv",
                                        "truth.json"};
    for (int i = 0; i < PIECE_COUNT; i++) {
        FILE *file = open_in(folder, names[i], problem);
        if (file == NULL)
            return STATUS_IO;
        enum status status = write_piece(scenario, (enum piece)i, file);
        if (status != STATUS_OK)
            snprintf(problem, TEXT_SIZE, "the simulation ended: %s", status_text(status));
        enum status closed = close_file(file, names[i], problem);
        if (status != STATUS_OK || closed != STATUS_OK)
            return status != STATUS_OK ? status : closed;
    }
    return STATUS_OK;
}
