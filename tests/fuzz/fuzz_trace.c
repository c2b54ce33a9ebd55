// SPDX-License-Identifier: Apache-2.0
// Any bytes as a trace line and as each JSON document: refused with a reason, or read; an accepted
// message line means the same after being written again.
#include "wire/trace.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds)
        abort();
}

static void read_line(const char *line, size_t size)
{
    static struct trace_line first, second;
    static char json[JSON_MESSAGE_SIZE];
    char problem[TEXT_SIZE] = "";
    memset(&first, 0, sizeof first);
    memset(&second, 0, sizeof second);
    if (trace_read_line(line, size, &first, problem) != STATUS_OK) {
        require(problem[0] != '\0');
        return;
    }
    if (first.kind != TRACE_MESSAGE)
        return;
    struct text out;
    text_init(&out, json, sizeof json);
    trace_write_line(&out, &first);
    require(!out.truncated);
    require(trace_read_line(json, out.length, &second, problem) == STATUS_OK);
    require(memcmp(&first, &second, sizeof first) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct incident incident;
    static struct site_status status;
    struct collector_life life;
    char problem[TEXT_SIZE];
    const char *text = (const char *)data;
    read_line(text, size);
    (void)!json_read_incident(text, size, &incident, problem);
    (void)!json_read_site_status(text, size, &status, problem);
    (void)!json_read_collector(text, size, &life, problem);
    return 0;
}
