// SPDX-License-Identifier: Apache-2.0
// `stationwatch report ID`: the post-mortem of one incident, as Markdown.
#include "ctl/api/api.h"
#include "ctl/commands.h"
#include "domain/incident.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>

static const struct argument report_arguments[] = {API_ARGUMENTS};

// {"id":…,"markdown":…} for scripts.
static bool print_json(const char *id, const char *markdown)
{
    cJSON *document = cJSON_CreateObject();
    bool made = cJSON_AddStringToObject(document, "id", id) != NULL &&
                cJSON_AddStringToObject(document, "markdown", markdown) != NULL;
    char *json = made ? cJSON_PrintUnformatted(document) : NULL;
    if (json != NULL)
        puts(json);
    cJSON_free(json);
    cJSON_Delete(document);
    return json != NULL;
}

static int run(const struct arguments *arguments)
{
    char path[INCIDENT_ID_SIZE * 3 + 32];
    const char *id = arguments->operand[0];
    if (!api_path(path, sizeof path, "/api/v1/incidents/", id, "/report"))
        return status_exit_code(STATUS_INVALID);
    struct api_body body;
    enum status status = api_fetch(arguments, path, &body);
    if (status != STATUS_OK)
        return status_exit_code(status);
    if (arguments->value[API_JSON] == NULL)
        fputs(body.data, stdout);
    else if (!print_json(id, body.data))
        status = STATUS_NO_MEMORY;
    free(body.data);
    return status_exit_code(status);
}

const struct subcommand report_command = {
    .name = "report",
    .operands = "ID",
    .operands_min = 1,
    .operands_max = 1,
    .help = "the post-mortem of one incident, as Markdown",
    .arguments = report_arguments,
    .argument_count = sizeof report_arguments / sizeof report_arguments[0],
    .run = run,
};
