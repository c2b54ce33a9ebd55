// SPDX-License-Identifier: Apache-2.0
// Services that are plain processes: found, ended, restarted, started; and the tester's software.
#include "fake_sink.h"
#include "helpers.h"

#include "agent/probe/probes.h"
#include "agent/probe/process_table.h"
#include "agent/probe/service.h"
#include "base/text.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

struct fixture {
    struct fake_sink fake;
    struct service_settings settings;
    struct service_provider *service;
    char program[TEXT_SIZE]; // runs until it is killed
    bool closed;
    size_t started; // answers to start
    enum status start_status;
    char start_text[TEXT_SIZE];
};

static int setup(void **state)
{
    struct fixture *fixture = calloc(1, sizeof(*fixture));
    assert_non_null(fixture);
    fake_sink_init(&fixture->fake);
    text_set(fixture->settings.name, "orders");
    text_set(fixture->settings.provider, "process");
    text_set(fixture->settings.pid_file, fake_path(&fixture->fake, "orders.pid"));
    assert_int_equal(mkfifo(fake_path(&fixture->fake, "never"), 0600), 0);
    // A script that blocks by itself, with no child that would outlive it.
    text_set(fixture->program,
             make_script(&fixture->fake, "order-service", "read x < \"${0%/*}/never\""));
    *state = fixture;
    return 0;
}

static void on_closed(void *context)
{
    struct fixture *fixture = context;
    fixture->closed = true;
    uv_stop(&fixture->fake.loop);
}

static bool is_closed(void *context)
{
    return ((struct fixture *)context)->closed;
}

static void close_service(struct fixture *fixture)
{
    fixture->closed = false;
    fixture->service->ops->close(fixture->service, on_closed, fixture);
    run_until(&fixture->fake, is_closed, fixture);
    fixture->service = NULL;
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;
    if (fixture->service != NULL)
        close_service(fixture);
    fake_sink_fini(&fixture->fake);
    free(fixture);
    return 0;
}

static void open_service(struct fixture *fixture)
{
    char problem[TEXT_SIZE] = "";
    if (service_provider_open(&fixture->fake.loop, &fixture->settings, &fixture->fake.sink,
                              &fixture->service, problem) != STATUS_OK)
        fail_msg("%s", problem);
}

static void write_pid(struct fixture *fixture, pid_t pid)
{
    char text[32];
    snprintf(text, sizeof(text), "%d\n", (int)pid);
    write_file(fixture->settings.pid_file, text);
}

static const struct service_report *last(const struct fixture *fixture)
{
    assert_true(fixture->fake.count > 0);
    const struct message *message = &fixture->fake.messages[fixture->fake.count - 1];
    assert_int_equal(message->kind, MESSAGE_SERVICE);
    assert_string_equal(message->service.service, "orders");
    return &message->service;
}

static bool runs(void *context)
{
    const struct fixture *fixture = context;
    return fixture->fake.count > 0 && last(fixture)->state == SERVICE_RUNNING;
}

static bool is_down(void *context)
{
    const struct fixture *fixture = context;
    return fixture->fake.count > 0 && last(fixture)->state != SERVICE_RUNNING;
}

static void a_running_service_is_told_at_open(void **state)
{
    struct fixture *fixture = *state;
    write_pid(fixture, getpid());
    open_service(fixture);
    run_until(&fixture->fake, runs, fixture);
    assert_int_equal(last(fixture)->pid, getpid());
    assert_int_equal(last(fixture)->start_mode, START_UNSPECIFIED);
    assert_true(last(fixture)->since_ms > 0);
    assert_true(last(fixture)->since_ms <= last(fixture)->key.at_ms);
    assert_int_equal(fixture->fake.service_calls, 1);
    assert_int_equal(fixture->fake.service.state, SERVICE_RUNNING);
}

static void a_kill_is_an_event(void **state)
{
    struct fixture *fixture = *state;
    pid_t pid = start_program(fixture->program, NULL);
    write_pid(fixture, pid);
    open_service(fixture);
    run_until(&fixture->fake, runs, fixture);
    end_program(pid, SIGKILL);
    run_until(&fixture->fake, is_down, fixture);
    assert_int_equal(last(fixture)->state, SERVICE_STOPPED);
    assert_string_equal(last(fixture)->reason, "exited");
    assert_int_equal(last(fixture)->pid, 0);
    assert_true(last(fixture)->since_ms > 0);
    assert_int_equal(fixture->fake.service_calls, 2);
}

static void a_pid_file_that_names_nobody_is_told(void **state)
{
    struct fixture *fixture = *state;
    pid_t pid = start_program("/bin/true", NULL);
    end_program(pid, 0);
    write_pid(fixture, pid);
    open_service(fixture);
    run_until(&fixture->fake, is_down, fixture);
    assert_int_equal(last(fixture)->state, SERVICE_STOPPED);
    assert_int_equal(last(fixture)->since_ms, 0);
    assert_non_null(strstr(last(fixture)->reason, "which is not running"));
}

static void pid_files_that_hold_no_pid_are_told(void **state)
{
    struct fixture *fixture = *state;
    static const char *const contents[] = {"", "-1", "0", "12 34", "99999999999999999999", "x"};
    for (size_t i = 0; i < sizeof(contents) / sizeof(contents[0]); i++) {
        write_file(fixture->settings.pid_file, contents[i]);
        fixture->fake.count = 0;
        open_service(fixture);
        run_until(&fixture->fake, is_down, fixture);
        assert_non_null(strstr(last(fixture)->reason, "holds no pid"));
        close_service(fixture);
    }
}

static void a_pid_used_again_by_a_younger_process_is_not_the_service(void **state)
{
    struct fixture *fixture = *state;
    struct timeval times[2];
    write_pid(fixture, getpid());
    assert_int_equal(gettimeofday(&times[0], NULL), 0);
    times[0].tv_sec -= 24 * 3600;
    times[1] = times[0];
    assert_int_equal(utimes(fixture->settings.pid_file, times), 0);
    open_service(fixture);
    run_until(&fixture->fake, is_down, fixture);
    assert_non_null(strstr(last(fixture)->reason, "was started after"));
}

static void a_pid_used_again_by_another_program_is_not_the_service(void **state)
{
    struct fixture *fixture = *state;
    write_pid(fixture, getpid());
    text_set(fixture->settings.command, fixture->program);
    open_service(fixture);
    run_until(&fixture->fake, is_down, fixture);
    assert_non_null(strstr(last(fixture)->reason, "another program"));
}

static void a_pid_file_that_appears_is_a_notice(void **state)
{
    struct fixture *fixture = *state;
    open_service(fixture);
    run_until(&fixture->fake, is_down, fixture);
    assert_non_null(strstr(last(fixture)->reason, "No such file"));
    pid_t pid = start_program(fixture->program, NULL);
    write_pid(fixture, pid);
    run_until(&fixture->fake, runs, fixture);
    assert_int_equal(last(fixture)->pid, pid);
    // A pid file that goes first, as in an orderly stop, is no stop yet.
    size_t count = fixture->fake.count;
    assert_int_equal(unlink(fixture->settings.pid_file), 0);
    run_ready(&fixture->fake);
    assert_int_equal(fixture->fake.count, count);
    end_program(pid, SIGTERM);
    run_until(&fixture->fake, is_down, fixture);
}

static void a_restart_under_another_pid_is_told_as_running(void **state)
{
    struct fixture *fixture = *state;
    pid_t first = start_program(fixture->program, NULL);
    pid_t second = start_program(fixture->program, NULL);
    write_pid(fixture, first);
    open_service(fixture);
    run_until(&fixture->fake, runs, fixture);
    write_pid(fixture, second);
    end_program(first, SIGKILL);
    run_until_count(&fixture->fake, 2);
    assert_int_equal(last(fixture)->state, SERVICE_RUNNING);
    assert_int_equal(last(fixture)->pid, second);
    end_program(second, SIGKILL);
    run_until(&fixture->fake, is_down, fixture);
}

static void a_program_is_found_without_a_pid_file(void **state)
{
    struct fixture *fixture = *state;
    fixture->settings.pid_file[0] = '\0';
    text_set(fixture->settings.command, fixture->program);
    open_service(fixture);
    run_until(&fixture->fake, is_down, fixture);
    pid_t pid = start_program(fixture->program, NULL);
    run_until(&fixture->fake, runs, fixture);
    assert_int_equal(last(fixture)->pid, pid);
    end_program(pid, SIGKILL);
    run_until(&fixture->fake, is_down, fixture);
}

static void resync_tells_the_state_again_and_nothing_else_does(void **state)
{
    struct fixture *fixture = *state;
    write_pid(fixture, getpid());
    open_service(fixture);
    run_until(&fixture->fake, runs, fixture);
    write_pid(fixture, getpid());
    run_ready(&fixture->fake);
    assert_int_equal(fixture->fake.count, 1);
    fixture->service->ops->resync(fixture->service);
    assert_int_equal(fixture->fake.count, 2);
    assert_int_equal(last(fixture)->state, SERVICE_RUNNING);
    assert_int_equal(fixture->fake.service_calls, 1);
}

static bool stop_was_refused(void *context)
{
    return ((struct fixture *)context)->fake.refusals > 0;
}

static void a_refused_state_is_offered_again_on_resume_as_of_then(void **state)
{
    struct fixture *fixture = *state;
    pid_t pid = start_program(fixture->program, NULL);
    write_pid(fixture, pid);
    open_service(fixture);
    run_until(&fixture->fake, runs, fixture);
    fixture->fake.refuses = true;
    end_program(pid, SIGKILL);
    run_until(&fixture->fake, stop_was_refused, fixture);
    int64_t at_ms = fixture->fake.service.since_ms;
    assert_int_equal(fixture->fake.service.state, SERVICE_STOPPED);
    fixture->fake.refuses = false;
    fixture->service->ops->resume(fixture->service);
    assert_int_equal(last(fixture)->state, SERVICE_STOPPED);
    assert_int_equal(last(fixture)->key.at_ms, at_ms);
    assert_int_equal(fixture->fake.last_at.wall.ms, at_ms);
    fixture->service->ops->resume(fixture->service);
    assert_int_equal(fixture->fake.count, 2);
}

static void on_started(void *context, enum status status, const char *text)
{
    struct fixture *fixture = context;
    fixture->started++;
    fixture->start_status = status;
    text_set(fixture->start_text, text);
    uv_stop(&fixture->fake.loop);
}

static bool is_answered(void *context)
{
    return ((struct fixture *)context)->started > 0;
}

static void start_service(struct fixture *fixture)
{
    fixture->started = 0;
    fixture->service->ops->start(fixture->service, on_started, fixture);
    run_until(&fixture->fake, is_answered, fixture);
    assert_int_equal(fixture->started, 1);
}

static void a_start_in_the_foreground_runs_and_its_end_is_known(void **state)
{
    struct fixture *fixture = *state;
    fixture->settings.pid_file[0] = '\0';
    text_set(fixture->settings.command, fixture->program);
    text_set(fixture->settings.start_command, fixture->program);
    open_service(fixture);
    run_until(&fixture->fake, is_down, fixture);
    start_service(fixture);
    assert_int_equal(fixture->start_status, STATUS_OK);
    assert_true(runs(fixture));
    pid_t pid = (pid_t)last(fixture)->pid;
    assert_int_equal(getsid(pid), pid);
    start_service(fixture);
    assert_string_equal(fixture->start_text, "it runs already");
    assert_int_equal(kill(pid, SIGKILL), 0);
    run_until(&fixture->fake, is_down, fixture);
    assert_int_equal(last(fixture)->state, SERVICE_FAILED);
    assert_int_equal(last(fixture)->exit_code, 128 + SIGKILL);
    assert_non_null(strstr(last(fixture)->reason, "killed by signal 9"));
    assert_int_equal(waitpid(pid, NULL, WNOHANG), -1); // reaped: no zombie
    start_service(fixture);
    assert_true(runs(fixture));
    assert_int_equal(kill((pid_t)last(fixture)->pid, SIGTERM), 0);
    run_until(&fixture->fake, is_down, fixture);
}

static void a_start_that_daemonizes_is_found_by_its_pid_file(void **state)
{
    struct fixture *fixture = *state;
    char command[TEXT_SIZE];
    const char *launcher =
        make_script(&fixture->fake, "launcher", "\"$1\" < /dev/null & echo $! > \"$2\"");
    snprintf(command, sizeof(command), "%.80s %.80s %.80s", launcher, fixture->program,
             fixture->settings.pid_file);
    text_set(fixture->settings.start_command, command);
    open_service(fixture);
    run_until(&fixture->fake, is_down, fixture);
    start_service(fixture);
    assert_int_equal(fixture->start_status, STATUS_OK);
    run_until(&fixture->fake, runs, fixture);
    pid_t pid = (pid_t)last(fixture)->pid;
    // It is nobody's child here, and outlives the watch.
    close_service(fixture);
    assert_true(process_lives(pid));
    fixture->fake.count = 0;
    open_service(fixture);
    run_until(&fixture->fake, runs, fixture);
    assert_int_equal(last(fixture)->pid, pid);
    assert_int_equal(kill(pid, SIGKILL), 0);
    run_until(&fixture->fake, is_down, fixture);
}

static void a_start_that_fails_says_how(void **state)
{
    struct fixture *fixture = *state;
    text_set(fixture->settings.start_command, make_script(&fixture->fake, "broken", "exit 3"));
    open_service(fixture);
    run_until(&fixture->fake, is_down, fixture);
    start_service(fixture);
    assert_int_equal(fixture->start_status, STATUS_UNAVAILABLE);
    assert_string_equal(fixture->start_text, "the start command exited with status 3");
    assert_int_equal(last(fixture)->state, SERVICE_FAILED);
    assert_int_equal(last(fixture)->exit_code, 3);
    close_service(fixture);
    text_set(fixture->settings.start_command, "/no/such/program");
    open_service(fixture);
    start_service(fixture);
    assert_int_equal(fixture->start_status, STATUS_NOT_FOUND);
    assert_non_null(strstr(fixture->start_text, "/no/such/program"));
    close_service(fixture);
    fixture->settings.start_command[0] = '\0';
    open_service(fixture);
    start_service(fixture);
    assert_int_equal(fixture->start_status, STATUS_UNSUPPORTED);
}

static void unknown_providers_and_nameless_services_are_refused(void **state)
{
    struct fixture *fixture = *state;
    char problem[TEXT_SIZE];
    text_set(fixture->settings.provider, "launchd");
    assert_int_equal(service_provider_open(&fixture->fake.loop, &fixture->settings,
                                           &fixture->fake.sink, &fixture->service, problem),
                     STATUS_UNSUPPORTED);
    assert_non_null(strstr(problem, "no provider 'launchd' here; known: process"));
    text_set(fixture->settings.provider, "process");
    fixture->settings.pid_file[0] = '\0';
    assert_int_equal(service_provider_open(&fixture->fake.loop, &fixture->settings,
                                           &fixture->fake.sink, &fixture->service, problem),
                     STATUS_INVALID);
    assert_null(fixture->service);
}

static void a_process_is_known_by_path_and_by_name(void **state)
{
    struct fixture *fixture = *state;
    struct process_identity process;
    pid_t pid = start_program(fixture->program, "argument");
    assert_true(process_runs((uint32_t)pid, fixture->program) || process_lives(pid));
    while (!process_runs((uint32_t)pid, fixture->program)) // between fork and exec
        assert_true(process_lives(pid));
    assert_int_equal(process_find(fixture->program, &process), STATUS_OK);
    assert_int_equal(process.pid, pid);
    assert_true(process_runs((uint32_t)pid, "order-service"));
    assert_false(process_runs((uint32_t)pid, "order-servic"));
    assert_false(process_runs((uint32_t)pid, "/usr/bin/env"));
    assert_int_equal(kill(pid, SIGKILL), 0);
    siginfo_t info; // dead, yet not reaped
    assert_int_equal(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT), 0);
    assert_int_equal(process_identify((uint32_t)pid, &process), STATUS_NOT_FOUND);
    end_program(pid, 0);
    assert_int_equal(process_find(fixture->program, &process), STATUS_NOT_FOUND);
}

static bool software_told(void *context)
{
    return ((struct fixture *)context)->fake.software_calls > 0;
}

static bool software_down(void *context)
{
    const struct fixture *fixture = context;
    return fixture->fake.software_calls > 1 && !fixture->fake.software;
}

static void the_testers_software_is_watched(void **state)
{
    struct fixture *fixture = *state;
    struct software_settings settings;
    struct probe *probe = NULL;
    char problem[TEXT_SIZE];
    text_set(settings.command, fixture->program);
    pid_t pid = start_program(fixture->program, NULL);
    while (!process_runs((uint32_t)pid, fixture->program)) // between fork and exec
        assert_true(process_lives(pid));
    assert_int_equal(
        software_open(&fixture->fake.loop, &settings, &fixture->fake.sink, &probe, problem),
        STATUS_OK);
    run_until(&fixture->fake, software_told, fixture);
    assert_true(fixture->fake.software);
    end_program(pid, SIGKILL);
    run_until(&fixture->fake, software_down, fixture);
    pid = start_program(fixture->program, NULL);
    while (!process_runs((uint32_t)pid, fixture->program))
        assert_true(process_lives(pid));
    probe->ops->probe_now(probe);
    assert_true(fixture->fake.software);
    assert_int_equal(fixture->fake.software_calls, 3);
    end_program(pid, SIGKILL);
    close_probe(&fixture->fake, probe);
    settings.command[0] = '\0';
    assert_int_equal(
        software_open(&fixture->fake.loop, &settings, &fixture->fake.sink, &probe, problem),
        STATUS_INVALID);
}

int main(void)
{
    (void)signal(SIGPIPE, SIG_IGN); // as the agent does
#define WITH_SERVICE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
    const struct CMUnitTest tests[] = {
        WITH_SERVICE(a_running_service_is_told_at_open),
        WITH_SERVICE(a_kill_is_an_event),
        WITH_SERVICE(a_pid_file_that_names_nobody_is_told),
        WITH_SERVICE(pid_files_that_hold_no_pid_are_told),
        WITH_SERVICE(a_pid_used_again_by_a_younger_process_is_not_the_service),
        WITH_SERVICE(a_pid_used_again_by_another_program_is_not_the_service),
        WITH_SERVICE(a_pid_file_that_appears_is_a_notice),
        WITH_SERVICE(a_restart_under_another_pid_is_told_as_running),
        WITH_SERVICE(a_program_is_found_without_a_pid_file),
        WITH_SERVICE(resync_tells_the_state_again_and_nothing_else_does),
        WITH_SERVICE(a_refused_state_is_offered_again_on_resume_as_of_then),
        WITH_SERVICE(a_start_in_the_foreground_runs_and_its_end_is_known),
        WITH_SERVICE(a_start_that_daemonizes_is_found_by_its_pid_file),
        WITH_SERVICE(a_start_that_fails_says_how),
        WITH_SERVICE(unknown_providers_and_nameless_services_are_refused),
        WITH_SERVICE(a_process_is_known_by_path_and_by_name),
        WITH_SERVICE(the_testers_software_is_watched),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
