// SPDX-License-Identifier: Apache-2.0
// Lines that come in on standard input while the loop runs: a pipe, a socket or a terminal.
//
// Ownership: the caller's struct, alive until `control_close` is through. Thread: the loop's.
// Failure: another kind of input (a file, nothing) has no lines, which is no error; a line longer
// than the buffer is dropped whole.
#ifndef SIM_TESTERS_CONTROL_H
#define SIM_TESTERS_CONTROL_H

#include <stdbool.h>
#include <stddef.h>
#include <uv.h>

enum { CONTROL_LINE_SIZE = 256 };

struct control {
    union {
        uv_handle_t handle;
        uv_stream_t stream;
        uv_pipe_t pipe;
        uv_tty_t terminal;
    } input;
    bool is_open, overlong;
    size_t length;
    char line[CONTROL_LINE_SIZE], chunk[CONTROL_LINE_SIZE];
    void (*on_line)(void *context, const char *line);
    void *context;
};

void control_open(struct control *control, uv_loop_t *loop, int file,
                  void (*on_line)(void *context, const char *line), void *context);
void control_close(struct control *control);

#endif
