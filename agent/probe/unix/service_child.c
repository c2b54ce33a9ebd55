// SPDX-License-Identifier: Apache-2.0
// Spawns a detached process by libuv.
#include "agent/probe/unix/service_child.h"

#include "agent/probe/argument_list.h"
#include "base/text.h"

#include <stdlib.h>

struct service_child {
    uv_process_t process;
    void (*ended)(void *context, int exit_status, int signal_number);
    void *context;
    void (*closed)(void *context);
    void *closed_context;
};

static void on_exit_seen(uv_process_t *process, int64_t exit_status, int signal_number)
{
    struct service_child *child = process->data;
    child->ended(child->context, (int)exit_status, signal_number);
}

static void on_closed(uv_handle_t *handle)
{
    struct service_child *child = handle->data;
    if (child->closed != NULL)
        child->closed(child->closed_context);
    free(child);
}

static enum status from_uv(int error)
{
    switch (error) {
    case UV_ENOENT:
        return STATUS_NOT_FOUND;
    case UV_EACCES:
    case UV_EPERM:
        return STATUS_DENIED;
    default:
        return STATUS_IO;
    }
}

enum status service_child_spawn(uv_loop_t *loop, const char *command,
                                void (*ended)(void *context, int exit_status, int signal_number),
                                void *context, struct service_child **ret_child,
                                char problem[TEXT_SIZE])
{
    struct argument_list arguments;
    enum status status = argument_list_init(&arguments, command, problem);
    if (status != STATUS_OK)
        return status;
    struct service_child *child = calloc(1, sizeof(*child));
    if (child == NULL) {
        text_copy(problem, TEXT_SIZE, status_text(STATUS_NO_MEMORY));
        return STATUS_NO_MEMORY;
    }
    child->ended = ended;
    child->context = context;
    // No standard streams and the root as folder: nothing of the agent's is held on to.
    uv_process_options_t options = {.exit_cb = on_exit_seen,
                                    .file = arguments.values[0],
                                    .args = arguments.values,
                                    .cwd = "/",
                                    .flags = UV_PROCESS_DETACHED};
    int error = uv_spawn(loop, &child->process, &options);
    child->process.data = child;
    if (error != 0) {
        struct text text;
        text_init(&text, problem, TEXT_SIZE);
        text_printf(&text, "cannot start %s: %s", arguments.values[0], uv_strerror(error));
        uv_close((uv_handle_t *)&child->process, on_closed);
        return from_uv(error);
    }
    uv_unref((uv_handle_t *)&child->process);
    *ret_child = child;
    return STATUS_OK;
}

uint32_t service_child_pid(const struct service_child *child)
{
    return (uint32_t)uv_process_get_pid(&child->process);
}

void service_child_close(struct service_child *child, void (*closed)(void *context), void *context)
{
    child->closed = closed;
    child->closed_context = context;
    uv_close((uv_handle_t *)&child->process, on_closed);
}
