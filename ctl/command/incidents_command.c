// SPDX-License-Identifier: Apache-2.0
// `stationwatch incidents`: the open ones, with --all the latest closed ones too.
#include "ctl/commands.h"
#include "ctl/view/document.h"
#include "ctl/view/incident_view.h"

#include <stdlib.h>

enum { ALL = API_ARGUMENT_COUNT };

static const struct argument incidents_arguments[] = {
    API_ARGUMENTS,
    FLAG("all", "the latest closed ones too"),
};

static int run(const struct arguments *arguments)
{
    cJSON *document;
    enum status status = document_fetch(arguments, "/api/v1/incidents", &document);
    if (status != STATUS_OK || document == NULL)
        return status_exit_code(status);
    struct incident *incident = malloc(sizeof *incident);
    struct terminal terminal;
    terminal_init(&terminal);
    int shown = 0;
    const cJSON *element;
    cJSON_ArrayForEach(element, cJSON_GetObjectItemCaseSensitive(document, "incidents"))
    {
        if (incident == NULL || !document_incident(element, incident) ||
            (incident->state == INCIDENT_CLOSED && arguments->value[ALL] == NULL))
            continue;
        incident_view_brief(&terminal, incident);
        shown++;
    }
    if (shown == 0)
        puts(arguments->value[ALL] != NULL ? "no incidents" : "no open incidents");
    free(incident);
    cJSON_Delete(document);
    return incident == NULL ? status_exit_code(STATUS_NO_MEMORY) : 0;
}

const struct subcommand incidents_command = {
    .name = "incidents",
    .operands = "",
    .help = "the open incidents",
    .arguments = incidents_arguments,
    .argument_count = sizeof incidents_arguments / sizeof incidents_arguments[0],
    .run = run,
};
