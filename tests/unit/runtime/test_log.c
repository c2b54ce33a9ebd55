// SPDX-License-Identifier: Apache-2.0
// Tests of log lines and of the clock, on what standard error really got.
#include "runtime/clock.h"
#include "runtime/log.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static int saved_error, read_end;

static int capture(void **state)
{
    (void)state;
    int ends[2];
    if (pipe(ends) != 0)
        return -1;
    saved_error = dup(STDERR_FILENO);
    dup2(ends[1], STDERR_FILENO);
    close(ends[1]);
    read_end = ends[0];
    return 0;
}

static int release(void **state)
{
    (void)state;
    dup2(saved_error, STDERR_FILENO);
    close(saved_error);
    close(read_end);
    unsetenv("JOURNAL_STREAM");
    log_set_level(LOG_LEVEL_INFO);
    return 0;
}

// One read gives one line, because a line is one write to the pipe.
static const char *line(char out[4096])
{
    ssize_t size = read(read_end, out, 4095);
    assert_true(size > 0);
    out[size] = '\0';
    assert_int_equal(out[size - 1], '\n');
    return out;
}

static void a_line_has_time_level_part_and_text(void **state)
{
    (void)state;
    char text[4096];
    log_warning("mqtt", "lost after %d s", 4);
    line(text);
    struct wall_time when;
    char stamp[WALL_TEXT_SIZE];
    snprintf(stamp, sizeof stamp, "%.24s", text);
    assert_true(wall_parse(stamp, &when));
    assert_string_equal(text + 24, " warning mqtt: lost after 4 s\n");
}

static void what_is_below_the_level_is_not_written(void **state)
{
    (void)state;
    char text[4096];
    log_debug("a", "not this");
    log_set_level(LOG_LEVEL_ERROR);
    log_warning("a", "nor this");
    log_error("a", "but this");
    assert_non_null(strstr(line(text), " error a: but this\n"));
    log_set_level(LOG_LEVEL_DEBUG);
    log_debug("a", "now this");
    assert_non_null(strstr(line(text), " debug a: now this\n"));
}

static void the_journal_gets_its_priority_and_no_time(void **state)
{
    (void)state;
    char text[4096], stream[64];
    struct stat status;
    assert_int_equal(fstat(STDERR_FILENO, &status), 0);
    snprintf(stream, sizeof stream, "%llu:%llu", (unsigned long long)status.st_dev,
             (unsigned long long)status.st_ino);
    setenv("JOURNAL_STREAM", stream, 1);
    log_error("store", "disk full");
    assert_string_equal(line(text), "<3>store: disk full\n");
    log_info("store", "ready");
    assert_string_equal(line(text), "<6>store: ready\n");
}

static void a_redirected_standard_error_is_not_the_journal(void **state)
{
    (void)state;
    char text[4096];
    setenv("JOURNAL_STREAM", "1:1", 1);
    log_error("store", "disk full");
    assert_non_null(strstr(line(text), "Z error store: disk full\n"));
}

static void a_foreign_line_feed_does_not_make_a_second_line(void **state)
{
    (void)state;
    char text[4096];
    log_error("mqtt", "reason: %s", "a\nb\x1b[2J");
    assert_non_null(strstr(line(text), "reason: a b [2J\n"));
}

static void a_long_text_is_cut_and_still_ends_its_line(void **state)
{
    (void)state;
    char text[4096], filler[3000];
    memset(filler, 'x', sizeof filler - 1);
    filler[sizeof filler - 1] = '\0';
    log_error("mqtt", "%s", filler);
    assert_in_range(strlen(line(text)), 1024, 2048);
}

static void the_monotonic_clock_never_goes_back(void **state)
{
    (void)state;
    struct instant last = clock_now();
    assert_true(last.wall.ms > 1700000000000); // later than 2023
    for (int i = 0; i < 10000; i++) {
        struct instant now = clock_now();
        assert_false(mono_before(now.mono, last.mono));
        last = now;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_line_has_time_level_part_and_text, capture, release),
        cmocka_unit_test_setup_teardown(what_is_below_the_level_is_not_written, capture, release),
        cmocka_unit_test_setup_teardown(the_journal_gets_its_priority_and_no_time, capture,
                                        release),
        cmocka_unit_test_setup_teardown(a_redirected_standard_error_is_not_the_journal, capture,
                                        release),
        cmocka_unit_test_setup_teardown(a_foreign_line_feed_does_not_make_a_second_line, capture,
                                        release),
        cmocka_unit_test_setup_teardown(a_long_text_is_cut_and_still_ends_its_line, capture,
                                        release),
        cmocka_unit_test(the_monotonic_clock_never_goes_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
