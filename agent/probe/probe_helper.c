// SPDX-License-Identifier: Apache-2.0
// Spawns, asks, abandons and reaps the helper process.
#include "agent/probe/probe_helper.h"

#include "base/text.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

// One process from its spawn until its last handle is closed. Rules: 1. pipes close at once when
// the process is of no more use; 2. its process handle stays until the exit was seen, so that libuv
// reaps it, or until the helper as a whole is closed; 3. it is freed when all three handles are
// closed.
struct helper_process {
    struct probe_helper *owner;
    struct helper_process *next;
    uv_process_t process;
    uv_pipe_t input, output;
    uv_write_t write;
    char request[HELPER_LINE_MAX];
    char answer[HELPER_LINE_MAX];
    size_t length; // of the answer so far
    unsigned handles;
    bool lingering; // dismissed, not yet seen to end
    bool exited;
};

struct probe_helper {
    uv_loop_t *loop;
    char program[TEXT_SIZE];
    struct helper_process *current;
    struct helper_process *processes; // every one not yet freed
    uv_timer_t deadline;
    bool busy, retried;
    char request[HELPER_LINE_MAX];
    void (*answer)(void *context, enum helper_result result, const char *line);
    void *answer_context;
    struct probe_helper_counters counters;
    bool closing, deadline_closed;
    void (*closed)(void *context);
    void *closed_context;
};

static void finish_close(struct probe_helper *helper)
{
    if (!helper->deadline_closed || helper->processes != NULL)
        return;
    if (helper->closed != NULL)
        helper->closed(helper->closed_context);
    free(helper);
}

static void on_handle_closed(uv_handle_t *handle)
{
    struct helper_process *process = handle->data;
    struct probe_helper *helper = process->owner;
    if (--process->handles > 0)
        return;
    struct helper_process **link = &helper->processes;
    while (*link != process)
        link = &(*link)->next;
    *link = process->next;
    free(process);
    if (helper->closing)
        finish_close(helper);
}

static void close_handle(void *handle)
{
    if (!uv_is_closing(handle))
        uv_close(handle, on_handle_closed);
}

static void finish(struct probe_helper *helper, enum helper_result result, const char *line)
{
    uv_timer_stop(&helper->deadline);
    helper->busy = false;
    helper->answer(helper->answer_context, result, line);
}

// The process is of no more use: killed, and left to die in its own time.
static void dismiss(struct helper_process *process)
{
    struct probe_helper *helper = process->owner;
    if (helper->current == process)
        helper->current = NULL;
    close_handle(&process->input);
    close_handle(&process->output);
    if (process->exited || process->lingering)
        return;
    process->lingering = true;
    helper->counters.lingering++;
    uv_process_kill(&process->process, SIGKILL);
    uv_unref((uv_handle_t *)&process->process);
}

static void on_exit_seen(uv_process_t *handle, int64_t exit_status, int signal_number);
static enum status start(struct probe_helper *helper, char problem[TEXT_SIZE]);
static enum status send_request(struct probe_helper *helper);

// The process ended or is useless: once, another one is asked the same.
static void lose(struct helper_process *process)
{
    struct probe_helper *helper = process->owner;
    bool current = helper->current == process;
    dismiss(process);
    if (!current || helper->closing)
        return;
    helper->counters.broken++;
    if (!helper->busy)
        return;
    char problem[TEXT_SIZE];
    bool again = !helper->retried && start(helper, problem) == STATUS_OK;
    helper->retried = true;
    if (!again || send_request(helper) != STATUS_OK)
        finish(helper, HELPER_BROKE, NULL);
}

static void on_exit_seen(uv_process_t *handle, int64_t exit_status, int signal_number)
{
    (void)exit_status;
    (void)signal_number;
    struct helper_process *process = handle->data;
    process->exited = true;
    if (process->lingering)
        process->owner->counters.lingering--;
    process->lingering = false;
    lose(process);
    close_handle(&process->process);
}

static void on_room(uv_handle_t *handle, size_t suggested, uv_buf_t *ret_buffer)
{
    (void)suggested;
    struct helper_process *process = handle->data;
    // Always room for a terminator; full means no line will ever fit: read reports UV_ENOBUFS.
    *ret_buffer = uv_buf_init(process->answer + process->length,
                              (unsigned)(sizeof(process->answer) - 1 - process->length));
}

static void on_output(uv_stream_t *stream, ssize_t count, const uv_buf_t *buffer)
{
    (void)buffer;
    struct helper_process *process = stream->data;
    struct probe_helper *helper = process->owner;
    if (count == 0)
        return;
    if (count < 0 || !helper->busy || helper->current != process) {
        lose(process);
        return;
    }
    process->length += (size_t)count;
    process->answer[process->length] = '\0';
    char *end = strchr(process->answer, '\n');
    if (end == NULL)
        return;
    *end = '\0';
    process->length = 0;
    finish(helper, HELPER_ANSWERED, process->answer);
}

static void on_written(uv_write_t *write, int status)
{
    struct helper_process *process = write->data;
    if (status < 0 && status != UV_ECANCELED)
        lose(process);
}

static enum status send_request(struct probe_helper *helper)
{
    struct helper_process *process = helper->current;
    process->length = 0;
    process->write.data = process;
    text_set(process->request, helper->request);
    uv_buf_t buffer = uv_buf_init(process->request, (unsigned)strlen(process->request));
    if (uv_write(&process->write, (uv_stream_t *)&process->input, &buffer, 1, on_written) == 0)
        return STATUS_OK;
    dismiss(process);
    return STATUS_IO;
}

static struct helper_process *process_new(struct probe_helper *helper)
{
    struct helper_process *process = calloc(1, sizeof(*process));
    if (process == NULL)
        return NULL;
    process->owner = helper;
    process->next = helper->processes;
    helper->processes = process;
    process->handles = 3;
    uv_pipe_init(helper->loop, &process->input, 0);
    uv_pipe_init(helper->loop, &process->output, 0);
    process->input.data = process->output.data = process->process.data = process;
    return process;
}

static enum status start(struct probe_helper *helper, char problem[TEXT_SIZE])
{
    struct text text;
    text_init(&text, problem, TEXT_SIZE);
    if (helper->counters.lingering >= HELPERS_LINGERING_MAX) {
        text_append(&text, "too many helpers hang");
        return STATUS_FULL;
    }
    struct helper_process *process = process_new(helper);
    if (process == NULL) {
        text_append(&text, status_text(STATUS_NO_MEMORY));
        return STATUS_NO_MEMORY;
    }
    char *arguments[] = {helper->program, NULL};
    uv_stdio_container_t stdio[3] = {
        {.flags = UV_CREATE_PIPE | UV_READABLE_PIPE, .data.stream = (uv_stream_t *)&process->input},
        {.flags = UV_CREATE_PIPE | UV_WRITABLE_PIPE,
         .data.stream = (uv_stream_t *)&process->output},
        {.flags = UV_IGNORE},
    };
    uv_process_options_t options = {.exit_cb = on_exit_seen,
                                    .file = helper->program,
                                    .args = arguments,
                                    .flags = UV_PROCESS_WINDOWS_HIDE,
                                    .stdio_count = 3,
                                    .stdio = stdio};
    int error = uv_spawn(helper->loop, &process->process, &options);
    process->process.data = process;
    if (error == 0)
        error = uv_read_start((uv_stream_t *)&process->output, on_room, on_output);
    else
        process->exited = true; // it never was
    if (error != 0) {
        dismiss(process);
        if (process->exited)
            close_handle(&process->process);
        text_printf(&text, "cannot start %s: %s", helper->program, uv_strerror(error));
        return STATUS_IO;
    }
    helper->counters.started++;
    helper->current = process;
    return STATUS_OK;
}

static void on_deadline(uv_timer_t *timer)
{
    struct probe_helper *helper = timer->data;
    helper->counters.abandoned++;
    if (helper->current != NULL)
        dismiss(helper->current);
    finish(helper, HELPER_TIMED_OUT, NULL);
}

enum status probe_helper_ask(struct probe_helper *helper, const char *request,
                             struct duration deadline,
                             void (*answer)(void *context, enum helper_result result,
                                            const char *line),
                             void *context, char problem[TEXT_SIZE])
{
    text_copy(problem, TEXT_SIZE, "the last request still runs");
    if (helper->busy || helper->closing)
        return STATUS_UNAVAILABLE;
    struct text text;
    text_init(&text, helper->request, sizeof(helper->request));
    text_printf(&text, "%s\n", request);
    if (text.truncated) {
        text_copy(problem, TEXT_SIZE, "the request is too long");
        return STATUS_INVALID;
    }
    enum status status = helper->current == NULL ? start(helper, problem) : STATUS_OK;
    if (status == STATUS_OK)
        status = send_request(helper);
    if (status != STATUS_OK)
        return status;
    helper->busy = true;
    helper->retried = false;
    helper->answer = answer;
    helper->answer_context = context;
    // The loop's idea of now is as old as its turn; the deadline counts from here.
    uv_update_time(helper->loop);
    uv_timer_start(&helper->deadline, on_deadline, (uint64_t)duration_to_ms(deadline), 0);
    return STATUS_OK;
}

bool probe_helper_is_busy(const struct probe_helper *helper)
{
    return helper->busy;
}

struct probe_helper_counters probe_helper_counters(const struct probe_helper *helper)
{
    return helper->counters;
}

static bool beside_this_executable(char out[TEXT_SIZE])
{
    static const char name[] = "stationwatch-probe";
    size_t size = TEXT_SIZE - sizeof(name);
    if (uv_exepath(out, &size) != 0)
        return false;
    size_t end = size;
    while (end > 0 && out[end - 1] != '/' && out[end - 1] != '\\')
        end--;
    memcpy(out + end, name, sizeof(name));
    return true;
}

enum status probe_helper_open(uv_loop_t *loop, const char *program,
                              struct probe_helper **ret_helper)
{
    struct probe_helper *helper = calloc(1, sizeof(*helper));
    if (helper == NULL)
        return STATUS_NO_MEMORY;
    helper->loop = loop;
    text_set(helper->program, program);
    if (program[0] == '\0' && !beside_this_executable(helper->program)) {
        free(helper);
        return STATUS_IO;
    }
    uv_timer_init(loop, &helper->deadline);
    helper->deadline.data = helper;
    *ret_helper = helper;
    return STATUS_OK;
}

static void on_deadline_closed(uv_handle_t *handle)
{
    struct probe_helper *helper = handle->data;
    helper->deadline_closed = true;
    finish_close(helper);
}

void probe_helper_close(struct probe_helper *helper, void (*closed)(void *context), void *context)
{
    helper->closing = true;
    helper->closed = closed;
    helper->closed_context = context;
    for (struct helper_process *p = helper->processes; p != NULL; p = p->next) {
        dismiss(p);
        // Not waited for: it may hang for good, and this program is about to end.
        close_handle(&p->process);
    }
    uv_close((uv_handle_t *)&helper->deadline, on_deadline_closed);
}
