// SPDX-License-Identifier: Apache-2.0
// Scripts and processes for the tests.
#include "helpers.h"

#include "agent/probe/process_table.h"

#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

const char *make_script(struct fake_sink *fake, const char *name, const char *body)
{
    char text[2048];
    const char *path = fake_path(fake, name);
    assert_true((size_t)snprintf(text, sizeof(text), "#!/bin/sh\n%s\n", body) < sizeof(text));
    write_file(path, text);
    assert_int_equal(chmod(path, 0755), 0);
    return path;
}

pid_t start_program(const char *path, const char *argument)
{
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        execl(path, path, argument, (char *)NULL);
        _exit(127);
    }
    return pid;
}

void end_program(pid_t pid, int signal_number)
{
    if (signal_number != 0)
        assert_int_equal(kill(pid, signal_number), 0);
    assert_int_equal(waitpid(pid, NULL, 0), pid);
}

bool process_lives(pid_t pid)
{
    struct process_identity process;
    return process_identify((uint32_t)pid, &process) == STATUS_OK;
}
