// SPDX-License-Identifier: Apache-2.0
// Control lines from standard input, as they arrive.
#include "sim/testers/control.h"

static void allocate(uv_handle_t *handle, size_t suggested, uv_buf_t *buffer)
{
    struct control *control = handle->data;
    (void)suggested;
    *buffer = uv_buf_init(control->chunk, sizeof control->chunk);
}

static void take(struct control *control, char c)
{
    if (c != '\n') {
        if (control->length + 1 < sizeof control->line)
            control->line[control->length++] = c;
        else
            control->overlong = true;
        return;
    }
    control->line[control->length] = '\0';
    if (!control->overlong && control->length > 0)
        control->on_line(control->context, control->line);
    control->length = 0;
    control->overlong = false;
}

static void on_read(uv_stream_t *stream, ssize_t count, const uv_buf_t *buffer)
{
    struct control *control = stream->data;
    for (ssize_t i = 0; i < count; i++)
        take(control, buffer->base[i]);
    if (count < 0)
        control_close(control);
}

void control_open(struct control *control, uv_loop_t *loop, int file,
                  void (*on_line)(void *context, const char *line), void *context)
{
    *control = (struct control){.on_line = on_line, .context = context};
    int error = UV_ENOTSUP;
    switch (uv_guess_handle(file)) {
    case UV_NAMED_PIPE:
        uv_pipe_init(loop, &control->input.pipe, 0);
        error = uv_pipe_open(&control->input.pipe, file);
        break;
    case UV_TTY:
        error = uv_tty_init(loop, &control->input.terminal, file, 0);
        if (error != 0)
            return;
        break;
    default:
        return;
    }
    control->is_open = true;
    control->input.handle.data = control;
    if (error != 0 || uv_read_start(&control->input.stream, allocate, on_read) != 0)
        control_close(control);
}

void control_close(struct control *control)
{
    if (!control->is_open)
        return;
    control->is_open = false;
    uv_close(&control->input.handle, NULL);
}
