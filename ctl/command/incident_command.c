// SPDX-License-Identifier: Apache-2.0
// `stationwatch incident ID`: the whole story of one incident.
#include "ctl/commands.h"
#include "ctl/view/document.h"
#include "ctl/view/incident_view.h"

#include <stdlib.h>

static const struct argument incident_arguments[] = {API_ARGUMENTS};

static int run(const struct arguments *arguments)
{
    char path[INCIDENT_ID_SIZE * 3 + 32];
    if (!api_path(path, sizeof path, "/api/v1/incidents/", arguments->operand[0], ""))
        return status_exit_code(STATUS_INVALID);
    cJSON *document;
    enum status status = document_fetch(arguments, path, &document);
    if (status != STATUS_OK || document == NULL)
        return status_exit_code(status);
    struct incident *incident = malloc(sizeof *incident);
    if (incident == NULL) {
        status = STATUS_NO_MEMORY;
    } else if (!document_incident(document, incident)) {
        status = STATUS_CORRUPT;
    } else {
        struct terminal terminal;
        terminal_init(&terminal);
        incident_view(&terminal, incident);
    }
    free(incident);
    cJSON_Delete(document);
    return status_exit_code(status);
}

const struct subcommand incident_command = {
    .name = "incident",
    .operands = "ID",
    .operands_min = 1,
    .operands_max = 1,
    .help = "the whole story of one incident",
    .arguments = incident_arguments,
    .argument_count = sizeof incident_arguments / sizeof incident_arguments[0],
    .run = run,
};
