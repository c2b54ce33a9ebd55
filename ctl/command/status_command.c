// SPDX-License-Identifier: Apache-2.0
// `stationwatch status`: the site at a glance.
#include "ctl/commands.h"
#include "ctl/view/document.h"
#include "ctl/view/terminal.h"

#include <stdlib.h>
#include <string.h>

static const struct argument status_arguments[] = {API_ARGUMENTS};

static enum style style_of_andon(const char *word)
{
    if (strcmp(word, "red") == 0)
        return STYLE_RED;
    return strcmp(word, "green") == 0 ? STYLE_GREEN : STYLE_YELLOW;
}

static void view_head(const struct terminal *terminal, const cJSON *status)
{
    char line[256], as_of[CLOCK_TEXT_SIZE], started[CLOCK_TEXT_SIZE];
    const char *andon = document_text(status, "andon");
    terminal_print(terminal, STYLE_BOLD, document_text(status, "site"));
    fputs("  ", terminal->file);
    terminal_print(terminal, style_of_andon(andon), andon);
    snprintf(line, sizeof line, "  as of %s; collector %s, up since %s\n",
             clock_text(document_time(status, "as_of"), as_of), document_text(status, "version"),
             clock_text(document_time(status, "started_at"), started));
    terminal_print(terminal, STYLE_DIM, line);
}

static void view_stations(const struct terminal *terminal, const cJSON *stations)
{
    char buffer[512];
    struct text line;
    text_init(&line, buffer, sizeof buffer);
    text_printf(&line, "%.0f of %.0f on", document_number(stations, "on"),
                document_number(stations, "total"));
    const cJSON *count;
    cJSON_ArrayForEach(count, stations)
    {
        bool other = strcmp(count->string, "total") != 0 && strcmp(count->string, "on") != 0;
        if (other && cJSON_IsNumber(count) && count->valuedouble > 0)
            text_printf(&line, ", %.0f %s", count->valuedouble, count->string);
    }
    terminal_field(terminal, "Stations", buffer);
}

static void view_collector(const struct terminal *terminal, const cJSON *status)
{
    char line[512], since[CLOCK_TEXT_SIZE];
    const cJSON *link = cJSON_GetObjectItemCaseSensitive(status, "link");
    const cJSON *store = cJSON_GetObjectItemCaseSensitive(status, "store");
    bool up = document_true(link, "up");
    snprintf(line, sizeof line, "%s since %s%s%s", up ? "up" : "DOWN",
             clock_text(document_time(link, "since"), since), up ? "" : ": ",
             document_text(link, "reason"));
    terminal_field(terminal, "Broker link", line);
    snprintf(line, sizeof line, "%s%s",
             document_true(store, "ok") ? "ok" : "FAILS: ", document_text(store, "problem"));
    terminal_field(terminal, "Store", line);
}

static void view_incidents(const struct terminal *terminal, const cJSON *incidents)
{
    const cJSON *incident;
    if (cJSON_GetArraySize(incidents) == 0)
        terminal_field(terminal, "Incidents", "none");
    cJSON_ArrayForEach(incident, incidents)
    {
        const cJSON *scope = cJSON_GetObjectItemCaseSensitive(incident, "scope");
        char line[1024], since[CLOCK_TEXT_SIZE];
        terminal_field(terminal, "Incident", document_text(incident, "headline"));
        snprintf(line, sizeof line, "%s; since %s; %.0f of %.0f stations; owner %s",
                 document_text(incident, "id"), clock_text(document_time(incident, "since"), since),
                 document_number(scope, "affected"), document_number(scope, "total"),
                 document_text(incident, "owner"));
        terminal_field(terminal, " ", line);
    }
}

static void view_maintenance(const struct terminal *terminal, const cJSON *maintenance)
{
    const cJSON *window;
    cJSON_ArrayForEach(window, maintenance)
    {
        char line[512], until[CLOCK_TEXT_SIZE];
        snprintf(line, sizeof line, "%s until %s", document_text(window, "component"),
                 clock_text(document_time(window, "until"), until));
        terminal_field(terminal, "Maintenance", line);
    }
}

static int run(const struct arguments *arguments)
{
    cJSON *status;
    enum status result = document_fetch(arguments, "/api/v1/status", &status);
    if (result != STATUS_OK || status == NULL)
        return status_exit_code(result);
    struct terminal terminal;
    terminal_init(&terminal);
    view_head(&terminal, status);
    view_stations(&terminal, cJSON_GetObjectItemCaseSensitive(status, "stations"));
    view_collector(&terminal, status);
    view_maintenance(&terminal, cJSON_GetObjectItemCaseSensitive(status, "maintenance"));
    view_incidents(&terminal, cJSON_GetObjectItemCaseSensitive(status, "incidents"));
    cJSON_Delete(status);
    return 0;
}

const struct subcommand status_command = {
    .name = "status",
    .operands = "",
    .help = "the site at a glance",
    .arguments = status_arguments,
    .argument_count = sizeof status_arguments / sizeof status_arguments[0],
    .run = run,
};
