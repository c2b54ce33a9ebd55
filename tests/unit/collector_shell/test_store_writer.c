// SPDX-License-Identifier: Apache-2.0
// The store's thread against a store that the test makes slow or broken.
#include "collector/shell/store_writer.h"
#include "tests/support/loop.h"
#include "tests/unit/collector_shell/fake_store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct fixture {
    uv_loop_t loop;
    struct fake_store fake;
    struct store_writer *writer;
    uint64_t marks[10000]; // high waters as they came back
    size_t mark_count;
    int troubles, recoveries, reads;
    bool closed;
    enum status read_status;
};

static void on_committed(void *context, const struct store_mark *mark)
{
    struct fixture *fixture = context;
    assert_true(fixture->mark_count < 10000);
    fixture->marks[fixture->mark_count++] = mark->high_water;
}

static void on_trouble(void *context, const char *problem)
{
    struct fixture *fixture = context;
    if (problem == NULL) {
        fixture->recoveries++;
    } else {
        assert_string_equal(problem, "disk full");
        fixture->troubles++;
    }
}

static void on_closed(void *context)
{
    ((struct fixture *)context)->closed = true;
}

static int open_writer(void **state, size_t queue_bytes)
{
    static const struct store_writer_events events = {on_committed, on_trouble};
    struct fixture *fixture = calloc(1, sizeof *fixture);
    assert_non_null(fixture);
    assert_int_equal(uv_loop_init(&fixture->loop), 0);
    fake_store_init(&fixture->fake);
    assert_int_equal(store_writer_open(&fixture->loop, &fixture->fake.base, queue_bytes, &events,
                                       fixture, &fixture->writer),
                     STATUS_OK);
    *state = fixture;
    return 0;
}

static int set_up(void **state)
{
    return open_writer(state, 1 << 20);
}

static int set_up_small(void **state)
{
    return open_writer(state, 2000);
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    assert_true(loop_finish(&fixture->loop));
    assert_true(fixture->closed);
    assert_true(fixture->fake.closed);
    fake_store_fini(&fixture->fake);
    free(fixture);
    return 0;
}

static enum status put_event(struct fixture *fixture, uint64_t seq)
{
    return store_writer_put(
        fixture->writer,
        &(struct store_item){.kind = STORE_EVENT,
                             .event = {"A", "box", seq, MESSAGE_ORDER, {1}, {1}, "12345678", 8}});
}

static enum status put_mark(struct fixture *fixture, const char *node, uint64_t high_water)
{
    return store_writer_put(
        fixture->writer,
        &(struct store_item){.kind = STORE_MARK, .mark = {node, "box", high_water}});
}

static bool has_marks(void *context)
{
    struct fixture *fixture = context;
    return fixture->mark_count > 0;
}

static void acks_come_back_after_the_commit_and_in_order(void **state)
{
    struct fixture *fixture = *state;
    fake_store_set(&fixture->fake, true, false);
    assert_int_equal(put_event(fixture, 1), STATUS_OK);
    assert_int_equal(put_mark(fixture, "A", 1), STATUS_OK);
    fake_store_wait(&fixture->fake);
    uv_run(&fixture->loop, UV_RUN_NOWAIT);
    assert_int_equal(fixture->mark_count, 0); // written, not yet committed
    for (uint64_t seq = 2; seq <= 50; seq++) {
        const char *node = seq % 2 ? "A" : "B";
        assert_int_equal(put_event(fixture, seq), STATUS_OK);
        assert_int_equal(put_mark(fixture, node, seq), STATUS_OK);
    }
    fake_store_set(&fixture->fake, false, false);
    store_writer_close(fixture->writer, on_closed, fixture);
    assert_true(loop_finish(&fixture->loop) && fixture->closed);
    assert_int_equal(uv_loop_init(&fixture->loop), 0);
    assert_int_equal(fixture->mark_count, 50);
    for (size_t i = 0; i < 50; i++)
        assert_int_equal(fixture->marks[i], i + 1);
    assert_int_equal(fixture->fake.committed, 100);
    assert_true(fixture->fake.commits <= 3); // what gathered meanwhile went in one
}

static void of_a_run_of_one_outbox_only_the_last_mark_comes_back(void **state)
{
    struct fixture *fixture = *state;
    fake_store_set(&fixture->fake, true, false);
    assert_int_equal(put_event(fixture, 1), STATUS_OK);
    fake_store_wait(&fixture->fake);
    for (uint64_t seq = 1; seq <= 64; seq++)
        assert_int_equal(put_mark(fixture, "A", seq), STATUS_OK);
    fake_store_set(&fixture->fake, false, false);
    assert_true(loop_until(&fixture->loop, has_marks, fixture, LOOP_PATIENCE_MS));
    assert_int_equal(fixture->mark_count, 1);
    assert_int_equal(fixture->marks[0], 64);
    store_writer_close(fixture->writer, on_closed, fixture);
}

static bool has_trouble(void *context)
{
    return ((struct fixture *)context)->troubles > 0;
}

static bool has_recovered(void *context)
{
    struct fixture *fixture = context;
    return fixture->recoveries > 0 && fixture->mark_count > 0;
}

static void a_disk_that_refuses_is_told_and_tried_again(void **state)
{
    struct fixture *fixture = *state;
    fake_store_set(&fixture->fake, false, true);
    assert_int_equal(put_event(fixture, 1), STATUS_OK);
    assert_int_equal(put_mark(fixture, "A", 1), STATUS_OK);
    assert_true(loop_until(&fixture->loop, has_trouble, fixture, LOOP_PATIENCE_MS));
    assert_int_equal(fixture->mark_count, 0);
    assert_true(store_writer_stats(fixture->writer).failing);
    fake_store_set(&fixture->fake, false, false);
    assert_true(loop_until(&fixture->loop, has_recovered, fixture, LOOP_PATIENCE_MS));
    assert_int_equal(fixture->troubles, 1);
    assert_int_equal(fixture->recoveries, 1);
    assert_int_equal(fixture->fake.committed, 2);
    assert_false(store_writer_stats(fixture->writer).failing);
    store_writer_close(fixture->writer, on_closed, fixture);
}

static void a_full_queue_refuses_events_first(void **state)
{
    struct fixture *fixture = *state;
    fake_store_set(&fixture->fake, true, false);
    assert_int_equal(put_event(fixture, 1), STATUS_OK);
    fake_store_wait(&fixture->fake);
    uint64_t seq = 2;
    while (put_event(fixture, seq) == STATUS_OK)
        seq++;
    assert_true(seq > 2);
    assert_int_equal(put_event(fixture, seq), STATUS_FULL);
    // The last quarter is for what must not be lost with no agent to repeat it.
    assert_int_equal(put_mark(fixture, "A", 1), STATUS_OK);
    struct store_writer_stats stats = store_writer_stats(fixture->writer);
    assert_int_equal(stats.refused, 2);
    assert_true(stats.queue_bytes <= stats.queue_bytes_max);
    fake_store_set(&fixture->fake, false, false);
    assert_true(loop_until(&fixture->loop, has_marks, fixture, LOOP_PATIENCE_MS));
    assert_int_equal(put_event(fixture, seq), STATUS_OK);
    store_writer_close(fixture->writer, on_closed, fixture);
}

static void an_item_that_can_never_be_written_does_not_stop_the_others(void **state)
{
    struct fixture *fixture = *state;
    fixture->fake.poisoned = true;
    struct store_item note = {.kind = STORE_NOTE, .note = {{1}, "", "x"}};
    assert_int_equal(store_writer_put(fixture->writer, &note), STATUS_OK);
    assert_int_equal(put_mark(fixture, "A", 1), STATUS_OK);
    assert_true(loop_until(&fixture->loop, has_marks, fixture, LOOP_PATIENCE_MS));
    assert_int_equal(store_writer_stats(fixture->writer).unwritable, 1);
    assert_int_equal(fixture->troubles, 0);
    store_writer_close(fixture->writer, on_closed, fixture);
}

static void on_read(struct store_read *read)
{
    struct fixture *fixture = read->context;
    fixture->reads++;
    fixture->read_status = read->status;
    if (read->status == STATUS_OK)
        free(read->text.data);
}

static bool has_read(void *context)
{
    return ((struct fixture *)context)->reads == 2;
}

static void reads_are_answered_on_the_loop(void **state)
{
    struct fixture *fixture = *state;
    struct store_read list = {
        .kind = STORE_READ_CLOSED_INCIDENTS, .limit = 5, .done = on_read, .context = fixture};
    struct store_read find = {
        .kind = STORE_READ_INCIDENT, .id = "unknown", .done = on_read, .context = fixture};
    assert_int_equal(store_writer_read(fixture->writer, &list), STATUS_OK);
    assert_int_equal(store_writer_read(fixture->writer, &find), STATUS_OK);
    assert_true(loop_until(&fixture->loop, has_read, fixture, LOOP_PATIENCE_MS));
    assert_int_equal(list.status, STATUS_OK);
    assert_int_equal(find.status, STATUS_NOT_FOUND);
    store_writer_close(fixture->writer, on_closed, fixture);
}

static void the_queue_of_reads_has_a_limit(void **state)
{
    struct fixture *fixture = *state;
    static struct store_read reads[STORE_READS_MAX + 1];
    fake_store_set(&fixture->fake, true, false);
    assert_int_equal(put_event(fixture, 1), STATUS_OK);
    fake_store_wait(&fixture->fake);
    for (size_t i = 0; i <= STORE_READS_MAX; i++) {
        reads[i] = (struct store_read){
            .kind = STORE_READ_INCIDENT, .id = "known", .done = on_read, .context = fixture};
        assert_int_equal(store_writer_read(fixture->writer, &reads[i]),
                         i < STORE_READS_MAX ? STATUS_OK : STATUS_FULL);
    }
    fake_store_set(&fixture->fake, false, false);
    store_writer_close(fixture->writer, on_closed, fixture);
    assert_true(loop_finish(&fixture->loop));
    assert_int_equal(uv_loop_init(&fixture->loop), 0);
    assert_int_equal(fixture->reads, STORE_READS_MAX);
}

static void closing_with_a_refusing_disk_ends_after_one_more_try(void **state)
{
    struct fixture *fixture = *state;
    fake_store_set(&fixture->fake, false, true);
    assert_int_equal(put_mark(fixture, "A", 1), STATUS_OK);
    store_writer_close(fixture->writer, on_closed, fixture);
    assert_int_equal(put_mark(fixture, "A", 2), STATUS_UNAVAILABLE);
    assert_true(loop_finish(&fixture->loop));
    assert_int_equal(uv_loop_init(&fixture->loop), 0);
    assert_true(fixture->closed);
    assert_int_equal(fixture->mark_count, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(acks_come_back_after_the_commit_and_in_order),
        TEST(of_a_run_of_one_outbox_only_the_last_mark_comes_back),
        TEST(a_disk_that_refuses_is_told_and_tried_again),
        cmocka_unit_test_setup_teardown(a_full_queue_refuses_events_first, set_up_small, tear_down),
        TEST(an_item_that_can_never_be_written_does_not_stop_the_others),
        TEST(reads_are_answered_on_the_loop),
        TEST(the_queue_of_reads_has_a_limit),
        TEST(closing_with_a_refusing_disk_ends_after_one_more_try),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
