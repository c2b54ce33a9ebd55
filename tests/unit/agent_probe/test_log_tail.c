// SPDX-License-Identifier: Apache-2.0
// The tail on real files: places, rotation, restarts, refusals.
#include "fake_sink.h"

#include "agent/probe/log_tail.h"
#include "base/text.h"
#include "runtime/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

struct fixture {
    struct fake_sink fake;
    struct log_tail_settings settings;
    char log[TEXT_SIZE];
    struct probe *probe; // NULL = not open
};

static int setup(void **state)
{
    struct fixture *fixture = calloc(1, sizeof(*fixture));
    assert_non_null(fixture);
    fake_sink_init(&fixture->fake);
    text_set(fixture->log, fake_path(&fixture->fake, "tester.log"));
    text_set(fixture->settings.path, fixture->log);
    text_set(fixture->settings.encoding, "utf-8");
    fixture->settings.pattern_count = 2;
    fixture->settings.patterns[0] =
        (struct log_pattern){"loaded", "^ok (?<order>\\S+)(?: (?<latency_ms>\\d+))?", OUTCOME_OK};
    fixture->settings.patterns[1] =
        (struct log_pattern){"missing", "^missing (?<order>\\S+)", OUTCOME_MISSING};
    *state = fixture;
    return 0;
}

static void open_tail(struct fixture *fixture)
{
    char problem[TEXT_SIZE] = "";
    enum status status = log_tail_open(&fixture->fake.loop, &fixture->settings, &fixture->fake.sink,
                                       &fixture->probe, problem);
    if (status != STATUS_OK)
        fail_msg("%s", problem);
}

static void close_tail(struct fixture *fixture)
{
    close_probe(&fixture->fake, fixture->probe);
    fixture->probe = NULL;
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;
    if (fixture->probe != NULL)
        close_tail(fixture);
    fake_sink_fini(&fixture->fake);
    free(fixture);
    return 0;
}

static void append(struct fixture *fixture, const char *text)
{
    append_file(fixture->log, text, strlen(text));
}

static const struct order_fetch *fetch(const struct fixture *fixture, size_t index)
{
    assert_true(index < fixture->fake.count);
    return &fixture->fake.messages[index].order;
}

// The tail has saved where it begins.
static bool has_begun(void *context)
{
    return ((struct fixture *)context)->fake.bookmark[0] != '\0';
}

static void begin(struct fixture *fixture)
{
    open_tail(fixture);
    run_until(&fixture->fake, has_begun, fixture);
}

static void history_is_not_news(void **state)
{
    struct fixture *fixture = *state;
    append(fixture, "ok OLD\nok HALF");
    begin(fixture);
    append(fixture, "-LINE 84\nmissing B\nchatter\n");
    run_until_count(&fixture->fake, 2);
    assert_string_equal(fetch(fixture, 0)->order, "HALF-LINE");
    assert_int_equal(fetch(fixture, 0)->latency_ms, 84);
    assert_int_equal(fetch(fixture, 0)->outcome, OUTCOME_OK);
    assert_int_equal(fetch(fixture, 0)->source, SOURCE_LOG);
    assert_string_equal(fetch(fixture, 0)->detail, "");
    assert_string_equal(fetch(fixture, 1)->order, "B");
    assert_int_equal(fetch(fixture, 1)->outcome, OUTCOME_MISSING);
    assert_string_equal(fetch(fixture, 1)->detail, "missing B");
    assert_int_equal(fixture->fake.count, 2);
    assert_int_equal(log_tail_counters(fixture->probe).matched, 2);
    assert_int_equal(log_tail_counters(fixture->probe).lines, 3);
}

static void a_log_that_appears_later_is_read_from_its_beginning(void **state)
{
    struct fixture *fixture = *state;
    text_set(fixture->log, fake_path(&fixture->fake, "a/b/tester.log"));
    text_set(fixture->settings.path, fixture->log);
    begin(fixture);
    assert_non_null(strstr(fixture->fake.trouble, "does not exist"));
    assert_int_equal(mkdir(fake_path(&fixture->fake, "a"), 0755), 0);
    run_ready(&fixture->fake);
    assert_int_equal(mkdir(fake_path(&fixture->fake, "a/b"), 0755), 0);
    append(fixture, "ok FIRST\n");
    run_until_count(&fixture->fake, 1);
    append(fixture, "ok SECOND\n");
    run_until_count(&fixture->fake, 2);
    assert_string_equal(fetch(fixture, 0)->order, "FIRST");
    assert_int_equal(fixture->fake.troubles, 1);
}

static void what_appears_while_the_agent_is_down_is_read(void **state)
{
    struct fixture *fixture = *state;
    begin(fixture);
    close_tail(fixture);
    append(fixture, "ok FIRST\n");
    open_tail(fixture);
    run_until_count(&fixture->fake, 1);
    assert_string_equal(fetch(fixture, 0)->order, "FIRST");
}

static void a_restart_reads_no_line_twice_and_loses_none(void **state)
{
    struct fixture *fixture = *state;
    append(fixture, "ok OLD\n");
    begin(fixture);
    append(fixture, "ok A\nok ");
    run_until_count(&fixture->fake, 1);
    close_tail(fixture);
    append(fixture, "B\nok C\n");
    open_tail(fixture);
    run_until_count(&fixture->fake, 3);
    assert_string_equal(fetch(fixture, 1)->order, "B");
    assert_string_equal(fetch(fixture, 2)->order, "C");
}

static void a_rename_is_followed_and_the_old_file_read_to_its_end(void **state)
{
    struct fixture *fixture = *state;
    begin(fixture);
    append(fixture, "ok A\n");
    run_until_count(&fixture->fake, 1);
    append(fixture, "ok B\n");
    assert_int_equal(rename(fixture->log, fake_path(&fixture->fake, "tester.log.1")), 0);
    append(fixture, "ok C\n");
    run_until_count(&fixture->fake, 3);
    assert_string_equal(fetch(fixture, 1)->order, "B");
    assert_string_equal(fetch(fixture, 2)->order, "C");
    assert_int_equal(log_tail_counters(fixture->probe).rotations, 1);
}

static void a_writer_told_late_to_reopen_loses_nothing(void **state)
{
    struct fixture *fixture = *state;
    const char *old = fake_path(&fixture->fake, "tester.log.1");
    begin(fixture);
    append(fixture, "ok A\n");
    run_until_count(&fixture->fake, 1);
    assert_int_equal(rename(fixture->log, old), 0);
    append(fixture, ""); // the new file is made, empty
    run_ready(&fixture->fake);
    append_file(old, "ok B\n", 5);
    run_until_count(&fixture->fake, 2);
    append(fixture, "ok C\n");
    run_until_count(&fixture->fake, 3);
    assert_string_equal(fetch(fixture, 1)->order, "B");
    assert_string_equal(fetch(fixture, 2)->order, "C");
}

static void a_file_rotated_during_the_downtime_is_found_by_its_number(void **state)
{
    struct fixture *fixture = *state;
    begin(fixture);
    append(fixture, "ok A\n");
    run_until_count(&fixture->fake, 1);
    close_tail(fixture);
    append(fixture, "ok B\n");
    assert_int_equal(rename(fixture->log, fake_path(&fixture->fake, "tester-2024-11-06.log")), 0);
    append(fixture, "ok C\n");
    open_tail(fixture);
    run_until_count(&fixture->fake, 3);
    assert_string_equal(fetch(fixture, 1)->order, "B");
    assert_string_equal(fetch(fixture, 2)->order, "C");
}

static void a_file_that_is_gone_after_the_downtime_is_told(void **state)
{
    struct fixture *fixture = *state;
    begin(fixture);
    append(fixture, "ok A\n");
    run_until_count(&fixture->fake, 1);
    close_tail(fixture);
    // The same name, very likely the same inode, other content.
    assert_int_equal(unlink(fixture->log), 0);
    append(fixture, "ok NEW-AND-LONGER\n");
    open_tail(fixture);
    run_until_count(&fixture->fake, 2);
    assert_string_equal(fetch(fixture, 1)->order, "NEW-AND-LONGER");
    assert_non_null(strstr(fixture->fake.trouble, "replaced or cut"));
}

static void a_file_cut_to_nothing_is_read_from_its_beginning(void **state)
{
    struct fixture *fixture = *state;
    begin(fixture);
    append(fixture, "ok A\nok B\n");
    run_until_count(&fixture->fake, 2);
    assert_int_equal(truncate(fixture->log, 0), 0);
    append(fixture, "ok C\n");
    run_until_count(&fixture->fake, 3);
    assert_string_equal(fetch(fixture, 2)->order, "C");
    assert_int_equal(log_tail_counters(fixture->probe).rewrites, 1);
}

static void a_file_cut_and_grown_past_its_old_length_is_noticed(void **state)
{
    struct fixture *fixture = *state;
    begin(fixture);
    append(fixture, "ok A\n");
    run_until_count(&fixture->fake, 1);
    assert_int_equal(truncate(fixture->log, 0), 0);
    append(fixture, "ok LONGER-THAN-BEFORE\n");
    run_until_count(&fixture->fake, 2);
    assert_string_equal(fetch(fixture, 1)->order, "LONGER-THAN-BEFORE");
}

static void a_cut_during_the_downtime_is_read_from_the_beginning(void **state)
{
    struct fixture *fixture = *state;
    begin(fixture);
    append(fixture, "ok A\nok B\n");
    run_until_count(&fixture->fake, 2);
    close_tail(fixture);
    write_file(fixture->log, "ok C\n");
    open_tail(fixture);
    run_until_count(&fixture->fake, 3);
    assert_string_equal(fetch(fixture, 2)->order, "C");
}

static void a_link_into_another_folder_is_followed(void **state)
{
    struct fixture *fixture = *state;
    const char *folder = fake_path(&fixture->fake, "elsewhere");
    assert_int_equal(mkdir(folder, 0755), 0);
    char target[TEXT_SIZE];
    text_set(target, fake_path(&fixture->fake, "elsewhere/real.log"));
    append_file(target, "", 0);
    assert_int_equal(symlink(target, fixture->log), 0);
    begin(fixture);
    append_file(target, "ok A\n", 5);
    run_until_count(&fixture->fake, 1);
    assert_int_equal(rename(target, fake_path(&fixture->fake, "elsewhere/real.log.1")), 0);
    append_file(target, "ok B\n", 5);
    run_until_count(&fixture->fake, 2);
    assert_string_equal(fetch(fixture, 1)->order, "B");
}

static bool was_refused(void *context)
{
    return ((struct fake_sink *)context)->refusals > 0;
}

static void a_refused_batch_is_offered_again_on_resume(void **state)
{
    struct fixture *fixture = *state;
    begin(fixture);
    append(fixture, "ok A\n");
    run_until_count(&fixture->fake, 1);
    fixture->fake.refuses = true;
    append(fixture, "ok B\nok C\n");
    run_until(&fixture->fake, was_refused, &fixture->fake);
    append(fixture, "ok D\n");
    run_ready(&fixture->fake);
    assert_int_equal(fixture->fake.refusals, 1); // not asked again before resume
    fixture->fake.refuses = false;
    fixture->probe->ops->resume(fixture->probe);
    run_until_count(&fixture->fake, 4);
    assert_string_equal(fetch(fixture, 1)->order, "B");
    assert_string_equal(fetch(fixture, 3)->order, "D");
    assert_int_equal(log_tail_counters(fixture->probe).matched, 4);
    assert_int_equal(log_tail_counters(fixture->probe).refused, 1);
}

static void a_refused_first_place_begins_where_it_meant_to(void **state)
{
    struct fixture *fixture = *state;
    append(fixture, "ok OLD\n");
    fixture->fake.refuses = true;
    open_tail(fixture);
    run_until(&fixture->fake, was_refused, &fixture->fake);
    append(fixture, "ok A\n");
    fixture->fake.refuses = false;
    fixture->probe->ops->resume(fixture->probe);
    run_until_count(&fixture->fake, 1);
    assert_string_equal(fetch(fixture, 0)->order, "A");
}

static void lines_of_long_ago_are_not_given_as_of_now(void **state)
{
    struct fixture *fixture = *state;
    begin(fixture);
    append(fixture, "ok A\n");
    run_until_count(&fixture->fake, 1);
    close_tail(fixture);
    append(fixture, "missing B\n");
    struct instant now = clock_now();
    time_t written = (time_t)(now.wall.ms / 1000 - 3600);
    struct timeval times[2] = {{.tv_sec = written}, {.tv_sec = written}};
    assert_int_equal(utimes(fixture->log, times), 0);
    open_tail(fixture);
    run_until_count(&fixture->fake, 2);
    assert_int_equal(fixture->fake.last_at.wall.ms, (int64_t)written * 1000);
    assert_int_equal(fetch(fixture, 1)->key.at_ms, (int64_t)written * 1000);
    assert_true(duration_to_s(mono_sub(now.mono, fixture->fake.last_at.mono)) > 3590);
}

static void a_log_in_utf16_resumes_in_the_middle(void **state)
{
    struct fixture *fixture = *state;
    text_set(fixture->settings.encoding, "utf-16le");
    append_file(fixture->log, "\xFF\xFEo\0k\0 \0X\0\n\0", 12);
    begin(fixture);
    append_file(fixture->log, "o\0k\0 \0\xFC\0\n\0", 10);
    run_until_count(&fixture->fake, 1);
    assert_string_equal(fetch(fixture, 0)->order, "\xC3\xBC");
    close_tail(fixture);
    append_file(fixture->log, "o\0k\0 \0B\0\n\0o\0", 12);
    open_tail(fixture);
    run_until_count(&fixture->fake, 2);
    assert_string_equal(fetch(fixture, 1)->order, "B");
}

static void more_lines_than_a_batch_and_a_turn_hold_all_come(void **state)
{
    struct fixture *fixture = *state;
    begin(fixture);
    FILE *file = fopen(fixture->log, "ab");
    assert_non_null(file);
    for (int i = 0; i < 200; i++) {
        fprintf(file, "ok N%d\n", i);
        for (int j = 0; j < 5; j++)
            fprintf(file, "%01000d\n", j);
    }
    fprintf(file, "%020000d\nok LAST\n", 0);
    assert_int_equal(fclose(file), 0);
    run_until_count(&fixture->fake, 201);
    assert_string_equal(fetch(fixture, 199)->order, "N199");
    assert_string_equal(fetch(fixture, 200)->order, "LAST");
    assert_int_equal(log_tail_counters(fixture->probe).overlong, 1);
}

static void unreadable_bookmarks_and_bad_settings_are_told(void **state)
{
    struct fixture *fixture = *state;
    char problem[TEXT_SIZE];
    struct probe *probe = NULL;
    text_set(fixture->settings.encoding, "ebcdic");
    assert_int_equal(log_tail_open(&fixture->fake.loop, &fixture->settings, &fixture->fake.sink,
                                   &probe, problem),
                     STATUS_INVALID);
    assert_non_null(strstr(problem, "ebcdic"));
    text_set(fixture->settings.encoding, "utf-8");
    fixture->settings.pattern_count = 0;
    assert_int_equal(log_tail_open(&fixture->fake.loop, &fixture->settings, &fixture->fake.sink,
                                   &probe, problem),
                     STATUS_INVALID);
    assert_null(probe);
    fixture->settings.pattern_count = 2;
    text_set(fixture->fake.bookmark, "gibberish");
    snprintf(fixture->fake.bookmark_name, sizeof(fixture->fake.bookmark_name), "log:%s",
             fixture->log);
    append(fixture, "ok OLD\n");
    open_tail(fixture);
    assert_non_null(strstr(fixture->fake.trouble, "unreadable"));
}

static void a_log_that_is_a_pipe_is_refused_without_hanging(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(mkfifo(fixture->log, 0600), 0);
    begin(fixture);
    assert_non_null(strstr(fixture->fake.trouble, "no regular file"));
}

int main(void)
{
#define WITH_TAIL(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
    const struct CMUnitTest tests[] = {
        WITH_TAIL(history_is_not_news),
        WITH_TAIL(a_log_that_appears_later_is_read_from_its_beginning),
        WITH_TAIL(what_appears_while_the_agent_is_down_is_read),
        WITH_TAIL(a_restart_reads_no_line_twice_and_loses_none),
        WITH_TAIL(a_rename_is_followed_and_the_old_file_read_to_its_end),
        WITH_TAIL(a_writer_told_late_to_reopen_loses_nothing),
        WITH_TAIL(a_file_rotated_during_the_downtime_is_found_by_its_number),
        WITH_TAIL(a_file_that_is_gone_after_the_downtime_is_told),
        WITH_TAIL(a_file_cut_to_nothing_is_read_from_its_beginning),
        WITH_TAIL(a_file_cut_and_grown_past_its_old_length_is_noticed),
        WITH_TAIL(a_cut_during_the_downtime_is_read_from_the_beginning),
        WITH_TAIL(a_link_into_another_folder_is_followed),
        WITH_TAIL(a_refused_batch_is_offered_again_on_resume),
        WITH_TAIL(a_refused_first_place_begins_where_it_meant_to),
        WITH_TAIL(lines_of_long_ago_are_not_given_as_of_now),
        WITH_TAIL(a_log_in_utf16_resumes_in_the_middle),
        WITH_TAIL(more_lines_than_a_batch_and_a_turn_hold_all_come),
        WITH_TAIL(unreadable_bookmarks_and_bad_settings_are_told),
        WITH_TAIL(a_log_that_is_a_pipe_is_refused_without_hanging),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
