// SPDX-License-Identifier: Apache-2.0
// The recording: every line readable again, in order, also through a slow start and a clean end.
#include "base/text.h"
#include "collector/shell/recorder.h"
#include "tests/support/loop.h"
#include "tests/support/temporary.h"
#include "wire/trace.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { LINES = 500, FILE_BYTES = 1 << 20 };

static struct instant at(int64_t ms)
{
    return (struct instant){{ms * 1000}, {1730869200000 + ms}};
}

static void everything_recorded_is_read_again(void **state)
{
    (void)state;
    struct temporary folder;
    uv_loop_t loop;
    struct recorder *recorder;
    char path[TEMPORARY_PATH_SIZE], problem[TEXT_SIZE];
    temporary_init(&folder);
    temporary_path(&folder, "trace.jsonl", path);
    assert_int_equal(uv_loop_init(&loop), 0);
    assert_int_equal(recorder_open(&loop, path, "plant", &recorder, problem), STATUS_OK);

    recorder_link(recorder, at(0), true);
    struct message message = {.kind = MESSAGE_HEARTBEAT, .heartbeat.interval_ms = 1000};
    struct event event = {
        .kind = EVENT_MESSAGE, .node = "ETS-1", .message = &message, .retained = true};
    for (uint64_t i = 1; i <= LINES; i++) {
        message.heartbeat.seq = i;
        recorder_message(recorder, at((int64_t)i), &event);
        uv_run(&loop, UV_RUN_NOWAIT);
    }
    struct topic topic = {.site = "plant", .node = "ETS-2", .kind = MESSAGE_ORDER};
    struct mqtt_message garbage = {.topic = "t", .payload = "\xff\x01", .size = 2};
    recorder_undecoded(recorder, at(600), &topic, &garbage);
    recorder_link(recorder, at(500), false); // the wall clock went back: the trace's does not
    struct operator_action action = {.action = "ack", .id = "plant-1-1", .by = "kim"};
    recorder_operator(recorder, at(700), &action);
    assert_int_equal(recorder_dropped(recorder), 0);
    recorder_close(recorder);
    assert_true(loop_finish(&loop));

    char *text = calloc(1, FILE_BYTES);
    struct trace_line *line = calloc(1, sizeof *line);
    assert_non_null(text);
    assert_non_null(line);
    assert_non_null(temporary_read(&folder, "trace.jsonl", text, FILE_BYTES));
    int count = 0;
    int64_t last = 0;
    for (char *start = text, *end; (end = strchr(start, '\n')) != NULL; start = end + 1) {
        assert_int_equal(trace_read_line(start, (size_t)(end - start), line, problem), STATUS_OK);
        assert_true(line->t.ms >= last);
        last = line->t.ms;
        if (count >= 1 && count <= LINES) {
            assert_int_equal(line->kind, TRACE_MESSAGE);
            assert_true(line->retained);
            assert_int_equal(line->message.heartbeat.seq, count);
        }
        count++;
    }
    assert_int_equal(count, LINES + 4);
    assert_int_equal(line->kind, TRACE_OPERATOR);
    assert_string_equal(line->operation.by, "kim");
    free(line);
    free(text);
    temporary_fini(&folder);
}

static void a_file_that_cannot_be_opened_is_named(void **state)
{
    (void)state;
    uv_loop_t loop;
    struct recorder *recorder;
    char problem[TEXT_SIZE];
    assert_int_equal(uv_loop_init(&loop), 0);
    assert_int_equal(recorder_open(&loop, "/nonexistent/trace", "plant", &recorder, problem),
                     STATUS_IO);
    assert_non_null(strstr(problem, "/nonexistent/trace"));
    assert_true(loop_finish(&loop));
}

// Nothing runs the loop, so no write ends: the bound holds and what is lost is counted.
static void what_finds_no_room_is_counted(void **state)
{
    (void)state;
    struct temporary folder;
    uv_loop_t loop;
    struct recorder *recorder;
    char path[TEMPORARY_PATH_SIZE], problem[TEXT_SIZE];
    temporary_init(&folder);
    assert_int_equal(uv_loop_init(&loop), 0);
    assert_int_equal(recorder_open(&loop, temporary_path(&folder, "trace.jsonl", path), "plant",
                                   &recorder, problem),
                     STATUS_OK);
    for (int i = 0; i < 100000 && recorder_dropped(recorder) == 0; i++)
        recorder_link(recorder, at(i), true);
    assert_int_equal(recorder_dropped(recorder), 1);
    recorder_close(recorder);
    assert_true(loop_finish(&loop));
    temporary_fini(&folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everything_recorded_is_read_again),
        cmocka_unit_test(a_file_that_cannot_be_opened_is_named),
        cmocka_unit_test(what_finds_no_room_is_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
