// SPDX-License-Identifier: Apache-2.0
// Whether the tester's software runs: looked for every few seconds until it does (there is no
// notice of a new process without privileges), then its end is a notice of the system.
#include "agent/probe/probes.h"
#include "agent/probe/process_watch.h"
#include "base/text.h"

#include <stdlib.h>

enum { SOFTWARE_SCAN_MS = 5000 };

struct software {
    struct probe base;
    uv_loop_t *loop;
    const struct probe_sink *sink;
    char command[TEXT_SIZE];
    uv_timer_t scan;
    struct process_watch *watch; // NULL: it does not run, or its end gives no notice
    bool running, told;
    bool closing;
    unsigned parts; // handles and watches that are open
    void (*closed)(void *context);
    void *closed_context;
};

static void on_part_closed(void *context)
{
    struct software *software = context;
    if (--software->parts > 0 || !software->closing)
        return;
    if (software->closed != NULL)
        software->closed(software->closed_context);
    free(software);
}

static void tell(struct software *software, bool running)
{
    bool news = !software->told || software->running != running;
    software->running = running;
    software->told = true;
    if (news)
        software->sink->software(software->sink->context, running);
}

static void look(struct software *software);

static void stop_watching(struct software *software)
{
    if (software->watch != NULL)
        process_watch_close(software->watch, on_part_closed, software);
    software->watch = NULL;
}

static void on_ended(void *context)
{
    struct software *software = context;
    stop_watching(software);
    look(software);
}

static void on_scan(uv_timer_t *scan)
{
    look(scan->data);
}

static void look(struct software *software)
{
    struct process_identity process;
    bool running = process_find(software->command, &process) == STATUS_OK;
    if (running) {
        enum status status =
            process_watch_open(software->loop, &process, on_ended, software, &software->watch);
        if (status == STATUS_OK)
            software->parts++;
        running = status != STATUS_NOT_FOUND;
    }
    if (software->watch == NULL)
        uv_timer_start(&software->scan, on_scan, SOFTWARE_SCAN_MS, 0);
    tell(software, running);
}

static void software_probe_now(struct probe *probe)
{
    struct software *software = (struct software *)probe;
    if (software->watch == NULL)
        look(software);
}

static void on_scan_closed(uv_handle_t *scan)
{
    on_part_closed(scan->data);
}

static void software_close(struct probe *probe, void (*closed)(void *context), void *context)
{
    struct software *software = (struct software *)probe;
    software->closing = true;
    software->closed = closed;
    software->closed_context = context;
    stop_watching(software);
    uv_close((uv_handle_t *)&software->scan, on_scan_closed);
}

static const struct probe_ops software_ops = {
    .name = "software",
    .probe_now = software_probe_now,
    .close = software_close,
};

enum status software_open(uv_loop_t *loop, const struct software_settings *settings,
                          const struct probe_sink *sink, struct probe **ret_probe,
                          char problem[TEXT_SIZE])
{
    if (settings->command[0] == '\0') {
        text_copy(problem, TEXT_SIZE, "give the executable or the name of the tester's software");
        return STATUS_INVALID;
    }
    struct software *software = calloc(1, sizeof(*software));
    if (software == NULL) {
        text_copy(problem, TEXT_SIZE, status_text(STATUS_NO_MEMORY));
        return STATUS_NO_MEMORY;
    }
    software->base.ops = &software_ops;
    software->loop = loop;
    software->sink = sink;
    text_set(software->command, settings->command);
    uv_timer_init(loop, &software->scan);
    software->scan.data = software;
    software->parts = 1;
    uv_timer_start(&software->scan, on_scan, 0, 0);
    *ret_probe = &software->base;
    return STATUS_OK;
}
