// SPDX-License-Identifier: Apache-2.0
// Runs a libuv loop until something is true, with a deadline instead of a sleep.
#include "tests/support/loop.h"

#include <stdio.h>

static void on_deadline(uv_timer_t *timer)
{
    *(bool *)timer->data = true;
}

static void on_closed(uv_handle_t *handle)
{
    *(bool *)handle->data = true;
}

bool loop_until(uv_loop_t *loop, bool (*condition)(void *context), void *context, int timeout_ms)
{
    bool passed = false;
    uv_timer_t deadline;
    if (uv_timer_init(loop, &deadline) != 0)
        return false;
    deadline.data = &passed;
    uv_timer_start(&deadline, on_deadline, (uint64_t)timeout_ms, 0);
    bool reached = condition(context);
    while (!reached && !passed) {
        uv_run(loop, UV_RUN_ONCE);
        reached = condition(context);
    }
    bool closed = false;
    deadline.data = &closed;
    uv_close((uv_handle_t *)&deadline, on_closed);
    while (!closed)
        uv_run(loop, UV_RUN_NOWAIT);
    return reached;
}

static void name_handle(uv_handle_t *handle, void *context)
{
    (void)context;
    fprintf(stderr, "test support: a %s handle was left open\n", uv_handle_type_name(handle->type));
}

bool loop_finish(uv_loop_t *loop)
{
    bool passed = false;
    uv_timer_t deadline;
    if (uv_timer_init(loop, &deadline) != 0)
        return false;
    deadline.data = &passed;
    uv_timer_start(&deadline, on_deadline, LOOP_PATIENCE_MS, 0);
    uv_unref((uv_handle_t *)&deadline);
    while (!passed && uv_loop_alive(loop))
        uv_run(loop, UV_RUN_ONCE);
    uv_close((uv_handle_t *)&deadline, NULL);
    uv_run(loop, UV_RUN_NOWAIT);
    if (uv_loop_close(loop) == 0)
        return true;
    uv_walk(loop, name_handle, NULL);
    return false;
}
