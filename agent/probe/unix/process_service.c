// SPDX-License-Identifier: Apache-2.0
// Follows one process, tells of its states, and starts it on request.
#include "agent/probe/unix/process_service.h"

#include "agent/probe/path_name.h"
#include "agent/probe/path_watch.h"
#include "agent/probe/process_watch.h"
#include "agent/probe/unix/pid_file.h"
#include "agent/probe/unix/service_child.h"
#include "base/text.h"
#include "runtime/clock.h"

#include <stdlib.h>
#include <string.h>

enum { SCAN_MS = 1000, START_PATIENCE_MS = 10000, SIGNAL_EXIT_BASE = 128 };

struct process_service {
    struct service_provider base;
    uv_loop_t *loop;
    const struct probe_sink *sink;
    struct service_settings settings;
    struct path_watch *pid_watch;    // NULL: no pid file
    struct process_watch *end_watch; // NULL: nothing runs, or the system gives no such notice
    struct process_identity process; // what runs; pid 0 = nothing
    uv_timer_t scan;
    struct service_report report; // the state last told
    struct instant report_at;
    bool unsent; // the sink refused it
    struct service_child *child;
    uv_timer_t start_patience;
    void (*started)(void *context, enum status status, const char *text); // NULL: no start pending
    void *started_context;
    bool closing;
    unsigned parts; // handles and watches that are open
    void (*closed)(void *context);
    void *closed_context;
};

static void look(struct process_service *service);

static void on_part_closed(void *context)
{
    struct process_service *service = context;
    if (--service->parts > 0 || !service->closing)
        return;
    if (service->closed != NULL)
        service->closed(service->closed_context);
    free(service);
}

static void append(struct process_service *service, struct instant at)
{
    struct message message = {.kind = MESSAGE_SERVICE, .service = service->report};
    message.service.key.at_ms = at.wall.ms;
    enum status status = service->sink->append(service->sink->context, &message, 1, at, NULL);
    service->unsent = status != STATUS_OK;
}

static void finish_start(struct process_service *service, enum status status, const char *text)
{
    if (service->started == NULL)
        return;
    uv_timer_stop(&service->start_patience);
    void (*started)(void *, enum status, const char *) = service->started;
    service->started = NULL;
    started(service->started_context, status, text);
}

// Tells a state unless it is the one told last.
static void set_state(struct process_service *service, enum service_state state, uint32_t pid,
                      int32_t exit_code, const char *reason)
{
    struct service_report *report = &service->report;
    if (report->state == state && report->pid == pid)
        return;
    struct instant now = clock_now();
    bool first = report->state == SERVICE_UNSPECIFIED;
    report->state = state;
    report->pid = pid;
    report->exit_code = exit_code;
    text_set(report->reason, reason);
    report->since_ms = first ? 0 : now.wall.ms; // since when it was down already is not known
    struct duration age = process_age(&service->process);
    if (state == SERVICE_RUNNING)
        report->since_ms = age.us < 0 ? now.wall.ms : now.wall.ms - duration_to_ms(age);
    service->report_at = now;
    service->sink->service(service->sink->context, report, now);
    append(service, now);
}

static void stop_watching(struct process_service *service)
{
    if (service->end_watch != NULL)
        process_watch_close(service->end_watch, on_part_closed, service);
    service->end_watch = NULL;
}

// The process that was followed is gone; whether another one runs is to be looked for.
static void note_end(struct process_service *service, enum service_state state, int32_t exit_code,
                     const char *reason)
{
    char buffer[TEXT_SIZE];
    struct process_identity next;
    stop_watching(service);
    service->process = (struct process_identity){0};
    // One that took over, as after a restart by its own means, makes this no stop.
    bool replaced = service->settings.pid_file[0] != '\0' &&
                    pid_file_look(service->settings.pid_file, service->settings.command, &next,
                                  buffer) == STATUS_OK;
    if (!replaced)
        set_state(service, state, 0, exit_code, reason);
    look(service);
}

static void on_ended(void *context)
{
    struct process_service *service = context;
    // Of our own child libuv will tell how it ended.
    if (service->child != NULL && service_child_pid(service->child) == service->process.pid)
        return;
    note_end(service, SERVICE_STOPPED, 0, "exited");
}

static bool find_running(const struct process_service *service, struct process_identity *ret,
                         char reason[TEXT_SIZE])
{
    const struct service_settings *settings = &service->settings;
    if (settings->pid_file[0] != '\0')
        return pid_file_look(settings->pid_file, settings->command, ret, reason) == STATUS_OK;
    struct text text;
    text_init(&text, reason, TEXT_SIZE);
    text_printf(&text, "no process runs %s", settings->command);
    return process_find(settings->command, ret) == STATUS_OK;
}

static bool still_runs(const struct process_service *service)
{
    struct process_identity now;
    return service->process.pid != 0 && process_identify(service->process.pid, &now) == STATUS_OK &&
           now.started == service->process.started;
}

// Follows a process. False: it is gone already.
static bool follow(struct process_service *service, const struct process_identity *process)
{
    stop_watching(service);
    enum status status =
        process_watch_open(service->loop, process, on_ended, service, &service->end_watch);
    if (status == STATUS_NOT_FOUND)
        return false;
    if (status == STATUS_OK)
        service->parts++;
    service->process = *process;
    set_state(service, SERVICE_RUNNING, process->pid, 0, "");
    finish_start(service, STATUS_OK, "running");
    return true;
}

static void on_scan(uv_timer_t *scan)
{
    struct process_service *service = scan->data;
    if (service->process.pid != 0 && !still_runs(service))
        on_ended(service); // there was no notice to be had of it
    else
        look(service);
}

// A program without a pid file that is not running, or a process whose end gives no notice.
static void arm_scan(struct process_service *service)
{
    bool needed = service->process.pid != 0 ? service->end_watch == NULL
                                            : service->settings.pid_file[0] == '\0';
    if (needed)
        uv_timer_start(&service->scan, on_scan, SCAN_MS, 0);
    else
        uv_timer_stop(&service->scan);
}

// Finds out what runs now and tells it when it is news.
static void look(struct process_service *service)
{
    char reason[TEXT_SIZE];
    struct process_identity found;
    if (service->closing)
        return;
    bool running = find_running(service, &found, reason);
    bool same =
        running && found.pid == service->process.pid && found.started == service->process.started;
    // A pid file may go before its process does: as long as that lives, it is the service.
    bool stays = same || (!running && still_runs(service));
    if (!stays && (!running || !follow(service, &found)) && service->process.pid == 0)
        set_state(service,
                  service->report.state == SERVICE_FAILED ? SERVICE_FAILED : SERVICE_STOPPED, 0, 0,
                  running ? "exited" : reason);
    arm_scan(service);
}

static void on_changed(void *context)
{
    look(context);
}

static const char *describe_end(struct text *text, int exit_status, int signal_number)
{
    if (signal_number != 0)
        text_printf(text, "killed by signal %d (%s)", signal_number, strsignal(signal_number));
    else if (exit_status != 0)
        text_printf(text, "exited with status %d", exit_status);
    else
        text_append(text, "exited");
    return text->data;
}

static void on_child_ended(void *context, int exit_status, int signal_number)
{
    struct process_service *service = context;
    char buffer[TEXT_SIZE];
    struct text text;
    uint32_t pid = service_child_pid(service->child);
    bool clean = exit_status == 0 && signal_number == 0;
    int32_t code = signal_number != 0 ? SIGNAL_EXIT_BASE + signal_number : exit_status;
    service_child_close(service->child, on_part_closed, service);
    service->child = NULL;
    text_init(&text, buffer, sizeof(buffer));
    if (pid == service->process.pid) {
        describe_end(&text, exit_status, signal_number);
        note_end(service, clean ? SERVICE_STOPPED : SERVICE_FAILED, code, buffer);
        return;
    }
    look(service);
    text_append(&text, "the start command ");
    describe_end(&text, exit_status, signal_number);
    if (!clean && service->process.pid == 0)
        set_state(service, SERVICE_FAILED, 0, code, buffer);
    finish_start(service, clean ? STATUS_OK : STATUS_UNAVAILABLE, buffer);
}

static void on_start_patience_over(uv_timer_t *timer)
{
    finish_start(timer->data, STATUS_OK, "the start command still runs");
}

static enum status spawn_child(struct process_service *service, char problem[TEXT_SIZE])
{
    if (service->settings.start_command[0] == '\0') {
        text_copy(problem, TEXT_SIZE, "no start_command is configured");
        return STATUS_UNSUPPORTED;
    }
    if (service->child != NULL) {
        text_copy(problem, TEXT_SIZE, "the last start command still runs");
        return STATUS_UNAVAILABLE;
    }
    enum status status = service_child_spawn(service->loop, service->settings.start_command,
                                             on_child_ended, service, &service->child, problem);
    if (status == STATUS_OK)
        service->parts++;
    return status;
}

static void service_start(struct service_provider *provider,
                          void (*started)(void *context, enum status status, const char *text),
                          void *context)
{
    struct process_service *service = (struct process_service *)provider;
    char problem[TEXT_SIZE] = "";
    enum status status = STATUS_OK;
    look(service);
    if (service->process.pid != 0)
        text_set(problem, "it runs already");
    else
        status = spawn_child(service, problem);
    if (status != STATUS_OK || service->process.pid != 0) {
        started(context, status, problem);
        return;
    }
    service->started = started;
    service->started_context = context;
    uv_timer_start(&service->start_patience, on_start_patience_over, START_PATIENCE_MS, 0);
    look(service);
}

static void service_resync(struct service_provider *provider)
{
    struct process_service *service = (struct process_service *)provider;
    if (service->report.state != SERVICE_UNSPECIFIED)
        append(service, clock_now());
}

static void service_resume(struct service_provider *provider)
{
    struct process_service *service = (struct process_service *)provider;
    if (service->unsent)
        append(service, service->report_at);
}

static void on_timer_closed(uv_handle_t *timer)
{
    on_part_closed(timer->data);
}

static void service_close(struct service_provider *provider, void (*closed)(void *context),
                          void *context)
{
    struct process_service *service = (struct process_service *)provider;
    service->closing = true;
    service->closed = closed;
    service->closed_context = context;
    service->started = NULL;
    stop_watching(service);
    if (service->pid_watch != NULL)
        path_watch_close(service->pid_watch, on_part_closed, service);
    if (service->child != NULL)
        service_child_close(service->child, on_part_closed, service);
    uv_close((uv_handle_t *)&service->start_patience, on_timer_closed);
    uv_close((uv_handle_t *)&service->scan, on_timer_closed);
}

static const struct service_provider_ops process_service_ops = {
    .name = "process",
    .start = service_start,
    .resync = service_resync,
    .resume = service_resume,
    .close = service_close,
};

static void on_first_look(uv_timer_t *scan)
{
    look(scan->data);
}

enum status process_service_open(uv_loop_t *loop, const struct service_settings *settings,
                                 const struct probe_sink *sink,
                                 struct service_provider **ret_provider, char problem[TEXT_SIZE])
{
    struct text text;
    text_init(&text, problem, TEXT_SIZE);
    if (settings->name[0] == '\0' ||
        (settings->pid_file[0] == '\0' && settings->command[0] == '\0')) {
        text_printf(&text, "service '%s' needs a name, and a pid_file or a command to be known by",
                    settings->name);
        return STATUS_INVALID;
    }
    struct process_service *service = calloc(1, sizeof(*service));
    if (service == NULL) {
        text_append(&text, status_text(STATUS_NO_MEMORY));
        return STATUS_NO_MEMORY;
    }
    service->base.ops = &process_service_ops;
    service->loop = loop;
    service->sink = sink;
    service->settings = *settings;
    text_set(service->report.service, settings->name);
    uv_timer_init(loop, &service->scan);
    uv_timer_init(loop, &service->start_patience);
    service->scan.data = service->start_patience.data = service;
    service->parts = 2;
    if (settings->pid_file[0] != '\0') {
        char folder[TEXT_SIZE];
        path_folder(settings->pid_file, folder);
        enum status status =
            path_watch_open(loop, folder, on_changed, service, &service->pid_watch);
        if (status != STATUS_OK) {
            text_append(&text, status_text(status));
            service_close(&service->base, NULL, NULL);
            return status;
        }
        service->parts++;
    }
    // The first look is the loop's: the sink hears nothing before open has returned.
    uv_timer_start(&service->scan, on_first_look, 0, 0);
    *ret_provider = &service->base;
    return STATUS_OK;
}
