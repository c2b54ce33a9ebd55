// SPDX-License-Identifier: Apache-2.0
// The collector's documents by cJSON, forgiving on purpose.
#include "ctl/view/document.h"

#include "ctl/view/complain.h"
#include "wire/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum status document_fetch(const struct arguments *arguments, const char *path,
                           cJSON **ret_document)
{
    struct api_body body;
    enum status status = api_fetch(arguments, path, &body);
    if (status != STATUS_OK)
        return status;
    if (arguments->value[API_JSON] != NULL) {
        bool ends = body.size > 0 && body.data[body.size - 1] == '\n';
        printf("%s%s", body.data, ends ? "" : "\n");
        *ret_document = NULL;
    } else {
        *ret_document = cJSON_ParseWithLength(body.data, body.size);
        if (*ret_document == NULL) {
            complain("the answer to %s is no JSON; is this a collector's address?", path);
            status = STATUS_CORRUPT;
        }
    }
    free(body.data);
    return status;
}

const char *document_text(const cJSON *object, const char *key)
{
    const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, key));
    return text == NULL ? "" : text;
}

double document_number(const cJSON *object, const char *key)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, key);
    return cJSON_IsNumber(item) ? item->valuedouble : 0;
}

bool document_true(const cJSON *object, const char *key)
{
    return cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(object, key));
}

struct wall_time document_time(const cJSON *object, const char *key)
{
    struct wall_time at = WALL_UNKNOWN;
    return wall_parse(document_text(object, key), &at) ? at : WALL_UNKNOWN;
}

bool document_incident(const cJSON *element, struct incident *ret_incident)
{
    char problem[TEXT_SIZE];
    char *json = cJSON_PrintUnformatted(element);
    bool read =
        json != NULL && json_read_incident(json, strlen(json), ret_incident, problem) == STATUS_OK;
    if (json != NULL && !read)
        complain("an incident cannot be read: %s", problem);
    cJSON_free(json);
    return read;
}
