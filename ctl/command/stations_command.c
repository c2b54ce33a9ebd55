// SPDX-License-Identifier: Apache-2.0
// `stationwatch stations`: one line for each station and server.
#include "ctl/commands.h"
#include "ctl/view/document.h"
#include "ctl/view/terminal.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static const struct argument stations_arguments[] = {API_ARGUMENTS};

enum { WORD_SIZE = 80 };

static const struct {
    const char *title;
    int width;
} columns[] = {{"NODE", 16}, {"STATE", 14}, {"FETCH", 13},  {"SHARE", 13},
               {"LINE", 10}, {"HEARD", 14}, {"INCIDENT", 0}};
enum { NODE, STATE, FETCH, SHARE, LINE, HEARD, INCIDENT, COLUMN_COUNT };

// "OUTCOME_MISSING" is "missing", nothing is "-".
static const char *outcome_word(const cJSON *station, const char *key, char out[WORD_SIZE])
{
    const char *name = document_text(station, key);
    const char *word = strncmp(name, "OUTCOME_", 8) == 0 ? name + 8 : name;
    size_t length = 0;
    for (; word[length] != '\0' && length + 1 < WORD_SIZE; length++)
        out[length] = (char)tolower((unsigned char)word[length]);
    out[length] = '\0';
    return length == 0 ? "-" : out;
}

static enum style style_of_state(const char *state)
{
    if (strcmp(state, "on") == 0)
        return STYLE_GREEN;
    return strcmp(state, "silent") == 0 ? STYLE_RED : STYLE_DIM;
}

static enum style style_of_outcome(const char *outcome)
{
    if (strcmp(outcome, "ok") == 0)
        return STYLE_GREEN;
    return strcmp(outcome, "-") == 0 ? STYLE_DIM : STYLE_RED;
}

static void view_cell(const struct terminal *terminal, int column, enum style style,
                      const char *text)
{
    terminal_print(terminal, style, text);
    if (column < COLUMN_COUNT - 1)
        terminal_pad(terminal, text, columns[column].width);
}

static const char *or_dash(const char *text)
{
    return text[0] == '\0' ? "-" : text;
}

static void view_station(const struct terminal *terminal, const cJSON *station)
{
    char fetch_buffer[WORD_SIZE], share_buffer[WORD_SIZE], heard[CLOCK_TEXT_SIZE] = "-";
    const cJSON *labels = cJSON_GetObjectItemCaseSensitive(station, "labels");
    const char *state = or_dash(document_text(station, "presence"));
    struct wall_time at = document_time(station, "last_heard");
    if (wall_known(at))
        clock_time_text(at, heard);
    const char *fetch = outcome_word(station, "last_fetch", fetch_buffer);
    const char *share = outcome_word(station, "share", share_buffer);
    view_cell(terminal, NODE, STYLE_PLAIN, document_text(station, "node"));
    view_cell(terminal, STATE, style_of_state(state), state);
    view_cell(terminal, FETCH, style_of_outcome(fetch), fetch);
    view_cell(terminal, SHARE, style_of_outcome(share), share);
    view_cell(terminal, LINE, STYLE_PLAIN, or_dash(document_text(labels, "line")));
    view_cell(terminal, HEARD, STYLE_DIM, heard);
    view_cell(terminal, INCIDENT, STYLE_PLAIN, or_dash(document_text(station, "incident")));
    fputc('\n', terminal->file);
}

static int run(const struct arguments *arguments)
{
    cJSON *document;
    enum status status = document_fetch(arguments, "/api/v1/stations", &document);
    if (status != STATUS_OK || document == NULL)
        return status_exit_code(status);
    struct terminal terminal;
    terminal_init(&terminal);
    for (int i = 0; i < COLUMN_COUNT; i++)
        view_cell(&terminal, i, STYLE_BOLD, columns[i].title);
    fputc('\n', terminal.file);
    const cJSON *station;
    cJSON_ArrayForEach(station, cJSON_GetObjectItemCaseSensitive(document, "stations"))
        view_station(&terminal, station);
    cJSON_Delete(document);
    return 0;
}

const struct subcommand stations_command = {
    .name = "stations",
    .operands = "",
    .help = "one line for each station and server",
    .arguments = stations_arguments,
    .argument_count = sizeof stations_arguments / sizeof stations_arguments[0],
    .run = run,
};
