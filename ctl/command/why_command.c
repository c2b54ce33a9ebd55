// SPDX-License-Identifier: Apache-2.0
// `stationwatch why`: why orders do not come, in one sentence.
#include "ctl/commands.h"
#include "ctl/view/complain.h"
#include "ctl/view/document.h"
#include "ctl/view/sentence.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct argument why_arguments[] = {API_ARGUMENTS};

struct choice {
    struct incident chosen, candidate;
    const cJSON *chosen_json; // NULL = nothing is open
};

static void choose(struct choice *choice, const cJSON *incidents)
{
    const cJSON *element;
    cJSON_ArrayForEach(element, incidents)
    {
        if (!document_incident(element, &choice->candidate) ||
            choice->candidate.state == INCIDENT_CLOSED)
            continue;
        if (choice->chosen_json != NULL && !sentence_prefers(&choice->candidate, &choice->chosen))
            continue;
        choice->chosen = choice->candidate;
        choice->chosen_json = element;
    }
}

static void answer(const struct choice *choice, bool as_json)
{
    char buffer[1024];
    struct text sentence;
    text_init(&sentence, buffer, sizeof buffer);
    if (choice->chosen_json == NULL)
        text_append(&sentence, "No incident is open.");
    else
        sentence_of_incident(&sentence, &choice->chosen);
    if (!as_json) {
        puts(buffer);
        return;
    }
    cJSON *document = cJSON_CreateObject();
    cJSON_AddStringToObject(document, "sentence", buffer);
    cJSON_AddItemToObject(document, "incident",
                          choice->chosen_json == NULL ? cJSON_CreateNull()
                                                      : cJSON_Duplicate(choice->chosen_json, 1));
    char *json = cJSON_PrintUnformatted(document);
    puts(json == NULL ? "null" : json);
    cJSON_free(json);
    cJSON_Delete(document);
}

static int run(const struct arguments *arguments)
{
    struct api_body body;
    enum status status = api_fetch(arguments, "/api/v1/incidents?limit=0", &body);
    if (status != STATUS_OK)
        return status_exit_code(status);
    cJSON *document = cJSON_ParseWithLength(body.data, body.size);
    free(body.data);
    struct choice *choice = calloc(1, sizeof *choice);
    if (document == NULL || choice == NULL) {
        complain("the answer cannot be read; is this a collector's address?");
        status = STATUS_CORRUPT;
    } else {
        choose(choice, cJSON_GetObjectItemCaseSensitive(document, "incidents"));
        answer(choice, arguments->value[API_JSON] != NULL);
    }
    free(choice);
    cJSON_Delete(document);
    return status_exit_code(status);
}

const struct subcommand why_command = {
    .name = "why",
    .operands = "",
    .help = "why orders do not come, in one sentence",
    .arguments = why_arguments,
    .argument_count = sizeof why_arguments / sizeof why_arguments[0],
    .run = run,
};
