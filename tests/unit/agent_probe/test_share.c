// SPDX-License-Identifier: Apache-2.0
// The share probe with the real helper, and with helpers that hang, die and babble.
#include "fake_sink.h"
#include "helpers.h"

#include "agent/probe/share.h"
#include "base/text.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct fixture {
    struct fake_sink fake;
    struct share_settings settings;
    struct probe *probe;
};

static int setup(void **state)
{
    struct fixture *fixture = calloc(1, sizeof(*fixture));
    assert_non_null(fixture);
    fake_sink_init(&fixture->fake);
    text_set(fixture->settings.path, fixture->fake.folder);
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

static void open_share(struct fixture *fixture)
{
    char problem[TEXT_SIZE] = "";
    if (share_probe_open(&fixture->fake.loop, &fixture->settings, &fixture->fake.sink,
                         &fixture->probe, problem) != STATUS_OK)
        fail_msg("%s", problem);
}

struct wanted {
    struct fixture *fixture;
    size_t shares;
};

static bool has_shares(void *context)
{
    const struct wanted *wanted = context;
    return wanted->fixture->fake.shares >= wanted->shares;
}

static void run_until_shares(struct fixture *fixture, size_t shares)
{
    struct wanted wanted = {fixture, shares};
    run_until(&fixture->fake, has_shares, &wanted);
}

static void probe_again(struct fixture *fixture)
{
    size_t shares = fixture->fake.shares;
    fixture->probe->ops->probe_now(fixture->probe);
    run_until_shares(fixture, shares + 1);
}

static void a_folder_and_a_file_that_can_be_read_are_ok(void **state)
{
    struct fixture *fixture = *state;
    open_share(fixture);
    run_until_shares(fixture, 1);
    assert_int_equal(fixture->fake.share, OUTCOME_OK);
    close_probe(&fixture->fake, fixture->probe);
    text_set(fixture->settings.path, fake_path(&fixture->fake, "canary with a blank"));
    write_file(fixture->settings.path, "");
    open_share(fixture);
    run_until_shares(fixture, 2);
    assert_int_equal(fixture->fake.share, OUTCOME_OK);
    assert_int_equal(fixture->fake.troubles, 0);
}

static void one_helper_serves_all_probes(void **state)
{
    struct fixture *fixture = *state;
    open_share(fixture);
    run_until_shares(fixture, 1);
    probe_again(fixture);
    probe_again(fixture);
    assert_int_equal(share_probe_counters(fixture->probe).started, 1);
}

static void a_share_that_goes_and_comes_is_told(void **state)
{
    struct fixture *fixture = *state;
    text_set(fixture->settings.path, fake_path(&fixture->fake, "share"));
    open_share(fixture);
    run_until_shares(fixture, 1);
    assert_int_equal(fixture->fake.share, OUTCOME_MISSING);
    assert_non_null(strstr(fixture->fake.trouble, "No such file"));
    probe_again(fixture);
    assert_int_equal(fixture->fake.troubles, 1);
    assert_int_equal(mkdir(fixture->settings.path, 0755), 0);
    probe_again(fixture);
    assert_int_equal(fixture->fake.share, OUTCOME_OK);
}

static void a_folder_that_may_not_be_read_is_denied(void **state)
{
    struct fixture *fixture = *state;
    if (geteuid() == 0) {
        puts("root may read everything: not testable by this user");
        skip();
    }
    text_set(fixture->settings.path, fake_path(&fixture->fake, "closed"));
    assert_int_equal(mkdir(fixture->settings.path, 0), 0);
    open_share(fixture);
    run_until_shares(fixture, 1);
    assert_int_equal(fixture->fake.share, OUTCOME_DENIED);
}

static void what_is_neither_file_nor_folder_is_invalid(void **state)
{
    struct fixture *fixture = *state;
    text_set(fixture->settings.path, fake_path(&fixture->fake, "pipe"));
    assert_int_equal(mkfifo(fixture->settings.path, 0600), 0);
    open_share(fixture);
    run_until_shares(fixture, 1);
    assert_int_equal(fixture->fake.share, OUTCOME_INVALID);
}

static void the_interval_repeats_the_probe(void **state)
{
    struct fixture *fixture = *state;
    fixture->settings.interval = duration_ms(5);
    open_share(fixture);
    run_until_shares(fixture, 5);
}

static bool nothing_lingers(void *context)
{
    struct fixture *fixture = context;
    return share_probe_counters(fixture->probe).lingering == 0;
}

static void a_helper_that_hangs_is_abandoned_and_reaped(void **state)
{
    struct fixture *fixture = *state;
    fixture->settings.deadline = duration_ms(100);
    text_set(
        fixture->settings.helper,
        make_script(&fixture->fake, "helper", "while read x; do read never < \"$0.pipe\"; done"));
    char pipe[TEXT_SIZE];
    snprintf(pipe, sizeof(pipe), "%.200s.pipe", fixture->settings.helper);
    assert_int_equal(mkfifo(pipe, 0600), 0);
    open_share(fixture);
    run_until_shares(fixture, 1);
    assert_int_equal(fixture->fake.share, OUTCOME_TIMEOUT);
    assert_int_equal(share_probe_counters(fixture->probe).abandoned, 1);
    // SIGKILL ends this one, unlike one in the kernel on a dead share: it must not stay a zombie.
    run_until(&fixture->fake, nothing_lingers, fixture);
    probe_again(fixture);
    assert_int_equal(fixture->fake.share, OUTCOME_TIMEOUT);
    assert_int_equal(share_probe_counters(fixture->probe).started, 2);
}

static void block_child_notices(bool block)
{
    sigset_t child;
    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    assert_int_equal(sigprocmask(block ? SIG_BLOCK : SIG_UNBLOCK, &child, NULL), 0);
}

static void while_too_many_helpers_hang_no_more_are_started(void **state)
{
    struct fixture *fixture = *state;
    fixture->settings.deadline = duration_ms(20);
    text_set(fixture->settings.helper,
             make_script(&fixture->fake, "helper", "read x; read never < \"$0.pipe\""));
    assert_int_equal(mkfifo(fake_path(&fixture->fake, "helper.pipe"), 0600), 0);
    open_share(fixture);
    run_until_shares(fixture, 1);
    // Their ends go unseen from here, as if the kernel held them.
    run_until(&fixture->fake, nothing_lingers, fixture);
    block_child_notices(true);
    for (int i = 0; i < HELPERS_LINGERING_MAX + 3; i++)
        probe_again(fixture);
    assert_int_equal(fixture->fake.share, OUTCOME_TIMEOUT);
    assert_int_equal(share_probe_counters(fixture->probe).lingering, HELPERS_LINGERING_MAX);
    assert_int_equal(share_probe_counters(fixture->probe).started, 1 + HELPERS_LINGERING_MAX);
    block_child_notices(false);
    run_until(&fixture->fake, nothing_lingers, fixture);
    probe_again(fixture);
    assert_int_equal(share_probe_counters(fixture->probe).started, 2 + HELPERS_LINGERING_MAX);
}

static void a_helper_that_dies_is_replaced_and_asked_again(void **state)
{
    struct fixture *fixture = *state;
    // Dies at its first request, then answers each.
    text_set(fixture->settings.helper,
             make_script(&fixture->fake, "helper",
                         "read x\n"
                         "[ -e \"$0.died\" ] || { : > \"$0.died\"; exit 1; }\n"
                         "echo 'OUTCOME_LOCKED 16 busy'; while read x; do echo 'OUTCOME_OK 0 ok'; "
                         "done"));
    open_share(fixture);
    run_until_shares(fixture, 1);
    assert_int_equal(fixture->fake.share, OUTCOME_LOCKED);
    assert_int_equal(share_probe_counters(fixture->probe).broken, 1);
    assert_int_equal(share_probe_counters(fixture->probe).started, 2);
    probe_again(fixture);
    assert_int_equal(fixture->fake.share, OUTCOME_OK);
}

static bool has_trouble(void *context)
{
    return ((struct fixture *)context)->fake.troubles > 0;
}

static void a_helper_that_only_dies_is_trouble_and_no_probe(void **state)
{
    struct fixture *fixture = *state;
    text_set(fixture->settings.helper, make_script(&fixture->fake, "helper", "exit 3"));
    open_share(fixture);
    run_until(&fixture->fake, has_trouble, fixture);
    assert_int_equal(fixture->fake.shares, 0);
    assert_non_null(strstr(fixture->fake.trouble, "without an answer"));
}

static void a_helper_that_babbles_is_trouble_and_no_probe(void **state)
{
    struct fixture *fixture = *state;
    text_set(fixture->settings.helper,
             make_script(&fixture->fake, "helper", "while read x; do echo all fine; done"));
    open_share(fixture);
    run_until(&fixture->fake, has_trouble, fixture);
    assert_int_equal(fixture->fake.shares, 0);
    assert_non_null(strstr(fixture->fake.trouble, "protocol"));
}

static void an_endless_answer_is_cut_off(void **state)
{
    struct fixture *fixture = *state;
    text_set(fixture->settings.helper,
             make_script(&fixture->fake, "helper",
                         "read x; while :; do printf 0123456789012345678901234567890123456789; "
                         "done"));
    open_share(fixture);
    run_until(&fixture->fake, has_trouble, fixture);
    assert_int_equal(share_probe_counters(fixture->probe).broken, 2);
}

static void a_helper_that_is_not_there_is_told_by_its_path(void **state)
{
    struct fixture *fixture = *state;
    text_set(fixture->settings.helper, fake_path(&fixture->fake, "no-such-helper"));
    open_share(fixture);
    run_until(&fixture->fake, has_trouble, fixture);
    assert_non_null(strstr(fixture->fake.trouble, "no-such-helper"));
    assert_int_equal(fixture->fake.shares, 0);
}

static void settings_that_cannot_work_are_refused(void **state)
{
    struct fixture *fixture = *state;
    char problem[TEXT_SIZE];
    text_set(fixture->settings.path, "/a\nstat /b");
    assert_int_equal(share_probe_open(&fixture->fake.loop, &fixture->settings, &fixture->fake.sink,
                                      &fixture->probe, problem),
                     STATUS_INVALID);
    text_set(fixture->settings.path, "/a");
    fixture->settings.deadline = duration_ms(0);
    assert_int_equal(share_probe_open(&fixture->fake.loop, &fixture->settings, &fixture->fake.sink,
                                      &fixture->probe, problem),
                     STATUS_INVALID);
    assert_null(fixture->probe);
}

int main(void)
{
    (void)signal(SIGPIPE, SIG_IGN); // as the agent does
#define WITH_SHARE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
    const struct CMUnitTest tests[] = {
        WITH_SHARE(a_folder_and_a_file_that_can_be_read_are_ok),
        WITH_SHARE(one_helper_serves_all_probes),
        WITH_SHARE(a_share_that_goes_and_comes_is_told),
        WITH_SHARE(a_folder_that_may_not_be_read_is_denied),
        WITH_SHARE(what_is_neither_file_nor_folder_is_invalid),
        WITH_SHARE(the_interval_repeats_the_probe),
        WITH_SHARE(a_helper_that_hangs_is_abandoned_and_reaped),
        WITH_SHARE(while_too_many_helpers_hang_no_more_are_started),
        WITH_SHARE(a_helper_that_dies_is_replaced_and_asked_again),
        WITH_SHARE(a_helper_that_only_dies_is_trouble_and_no_probe),
        WITH_SHARE(a_helper_that_babbles_is_trouble_and_no_probe),
        WITH_SHARE(an_endless_answer_is_cut_off),
        WITH_SHARE(a_helper_that_is_not_there_is_told_by_its_path),
        WITH_SHARE(settings_that_cannot_work_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
