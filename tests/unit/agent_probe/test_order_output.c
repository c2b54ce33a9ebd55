// SPDX-License-Identifier: Apache-2.0
// The order folder: figures, notices of change, resync, refusals, a missing folder.
#include "fake_sink.h"
#include "helpers.h"

#include "agent/probe/probes.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

struct fixture {
    struct fake_sink fake;
    struct order_output_settings settings;
    struct probe *probe;
};

static int setup(void **state)
{
    struct fixture *fixture = calloc(1, sizeof(*fixture));
    assert_non_null(fixture);
    fake_sink_init(&fixture->fake);
    text_set(fixture->settings.path, fake_path(&fixture->fake, "orders"));
    text_set(fixture->settings.request_path, fake_path(&fixture->fake, "requests"));
    assert_int_equal(mkdir(fixture->settings.path, 0755), 0);
    assert_int_equal(mkdir(fixture->settings.request_path, 0755), 0);
    fixture->settings.interval = duration_s(3600);
    fixture->settings.deadline = duration_s(30);
    *state = fixture;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;
    if (fixture->probe != NULL)
        close_probe(&fixture->fake, fixture->probe);
    fake_sink_fini(&fixture->fake);
    free(fixture);
    return 0;
}

static void open_output(struct fixture *fixture)
{
    char problem[TEXT_SIZE] = "";
    if (order_output_open(&fixture->fake.loop, &fixture->settings, &fixture->fake.sink,
                          &fixture->probe, problem) != STATUS_OK)
        fail_msg("%s", problem);
    run_until_count(&fixture->fake, 1);
}

static const struct host_event *last(const struct fixture *fixture)
{
    assert_true(fixture->fake.count > 0);
    const struct message *message = &fixture->fake.messages[fixture->fake.count - 1];
    assert_int_equal(message->kind, MESSAGE_HOST);
    assert_int_equal(message->host.event, HOST_ORDER_OUTPUT);
    return &message->host;
}

static void make_old(const char *path, int64_t seconds)
{
    struct timeval times[2];
    assert_int_equal(gettimeofday(&times[0], NULL), 0);
    times[0].tv_sec -= (time_t)seconds;
    times[1] = times[0];
    assert_int_equal(utimes(path, times), 0);
}

static void the_figures_are_those_of_the_folders(void **state)
{
    struct fixture *fixture = *state;
    const char *old = fake_path(&fixture->fake, "orders/1.ord");
    write_file(old, "x");
    make_old(old, 1000);
    old = fake_path(&fixture->fake, "orders/2.ord");
    write_file(old, "x");
    make_old(old, 100);
    write_file(fake_path(&fixture->fake, "orders/.3.ord.part"), "x"); // not finished, no order
    write_file(fake_path(&fixture->fake, "requests/r"), "x");
    open_output(fixture);
    assert_int_equal(last(fixture)->order_files, 2);
    assert_in_range(last(fixture)->newest_order_age_ms, 100000, 100000 + 60000);
    assert_int_equal(last(fixture)->backlog, 1);
    assert_true(last(fixture)->disk_total_bytes > last(fixture)->disk_free_bytes);
    assert_true(last(fixture)->key.at_ms > 0);
    assert_string_equal(last(fixture)->reason, "");
}

static void without_a_request_folder_the_backlog_is_unknown(void **state)
{
    struct fixture *fixture = *state;
    fixture->settings.request_path[0] = '\0';
    open_output(fixture);
    assert_int_equal(last(fixture)->backlog, -1);
    assert_int_equal(last(fixture)->newest_order_age_ms, -1);
}

static void the_first_order_after_a_drought_is_told_at_once(void **state)
{
    struct fixture *fixture = *state;
    open_output(fixture);
    assert_int_equal(last(fixture)->newest_order_age_ms, -1);
    write_file(fake_path(&fixture->fake, "orders/1.ord"), "x");
    run_until_count(&fixture->fake, 2);
    assert_int_equal(last(fixture)->order_files, 1);
    assert_true(last(fixture)->newest_order_age_ms >= 0);
}

static void requests_that_begin_to_wait_are_told_at_once(void **state)
{
    struct fixture *fixture = *state;
    write_file(fake_path(&fixture->fake, "orders/1.ord"), "x");
    open_output(fixture);
    assert_int_equal(last(fixture)->backlog, 0);
    write_file(fake_path(&fixture->fake, "requests/r"), "x");
    run_until_count(&fixture->fake, 2);
    assert_int_equal(last(fixture)->backlog, 1);
}

static void a_folder_that_goes_and_comes_is_told_at_once(void **state)
{
    struct fixture *fixture = *state;
    open_output(fixture);
    assert_int_equal(rmdir(fixture->settings.path), 0);
    run_until_count(&fixture->fake, 2);
    assert_int_equal(last(fixture)->newest_order_age_ms, -1);
    assert_non_null(strstr(last(fixture)->reason, "No such file"));
    assert_non_null(strstr(fixture->fake.trouble, "No such file"));
    assert_int_equal(mkdir(fixture->settings.path, 0755), 0);
    run_until_count(&fixture->fake, 3);
    assert_string_equal(last(fixture)->reason, "");
}

static void resync_tells_the_present_state(void **state)
{
    struct fixture *fixture = *state;
    write_file(fake_path(&fixture->fake, "orders/1.ord"), "x");
    open_output(fixture);
    fixture->probe->ops->resync(fixture->probe);
    run_until_count(&fixture->fake, 2);
    assert_int_equal(last(fixture)->order_files, 1);
}

static void the_interval_repeats_the_event(void **state)
{
    struct fixture *fixture = *state;
    fixture->settings.interval = duration_ms(5);
    open_output(fixture);
    run_until_count(&fixture->fake, 4);
}

static bool was_refused(void *context)
{
    return ((struct fixture *)context)->fake.refusals > 0;
}

static void a_refused_event_is_offered_again_on_resume(void **state)
{
    struct fixture *fixture = *state;
    open_output(fixture);
    fixture->fake.refuses = true;
    fixture->probe->ops->resync(fixture->probe);
    run_until(&fixture->fake, was_refused, fixture);
    fixture->fake.refuses = false;
    fixture->probe->ops->resume(fixture->probe);
    run_until_count(&fixture->fake, 2);
}

static void a_disk_that_hangs_is_told(void **state)
{
    struct fixture *fixture = *state;
    fixture->settings.deadline = duration_ms(100);
    text_set(fixture->settings.helper,
             make_script(&fixture->fake, "helper", "read x; read never < \"$0.pipe\""));
    assert_int_equal(mkfifo(fake_path(&fixture->fake, "helper.pipe"), 0600), 0);
    open_output(fixture);
    assert_int_equal(last(fixture)->newest_order_age_ms, -1);
    assert_non_null(strstr(last(fixture)->reason, "deadline"));
}

int main(void)
{
    (void)signal(SIGPIPE, SIG_IGN); // as the agent does
#define WITH_OUTPUT(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
    const struct CMUnitTest tests[] = {
        WITH_OUTPUT(the_figures_are_those_of_the_folders),
        WITH_OUTPUT(without_a_request_folder_the_backlog_is_unknown),
        WITH_OUTPUT(the_first_order_after_a_drought_is_told_at_once),
        WITH_OUTPUT(requests_that_begin_to_wait_are_told_at_once),
        WITH_OUTPUT(a_folder_that_goes_and_comes_is_told_at_once),
        WITH_OUTPUT(resync_tells_the_present_state),
        WITH_OUTPUT(the_interval_repeats_the_event),
        WITH_OUTPUT(a_refused_event_is_offered_again_on_resume),
        WITH_OUTPUT(a_disk_that_hangs_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
