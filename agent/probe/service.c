// SPDX-License-Identifier: Apache-2.0
// Finds a service's provider by its name.
#include "agent/probe/service.h"

#include "agent/probe/service_table.h"
#include "base/text.h"

enum status service_provider_open(uv_loop_t *loop, const struct service_settings *settings,
                                  const struct probe_sink *sink,
                                  struct service_provider **ret_provider, char problem[TEXT_SIZE])
{
    const struct service_provider_row *row = service_providers;
    while (row->name != NULL && !text_equal(row->name, settings->provider))
        row++;
    if (row->name != NULL)
        return row->open(loop, settings, sink, ret_provider, problem);
    struct text text;
    text_init(&text, problem, TEXT_SIZE);
    text_printf(&text, "service '%s': no provider '%s' here; known:", settings->name,
                settings->provider);
    for (row = service_providers; row->name != NULL; row++)
        text_printf(&text, " %s", row->name);
    return STATUS_UNSUPPORTED;
}
