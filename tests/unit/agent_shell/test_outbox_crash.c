// SPDX-License-Identifier: Apache-2.0
// kill -9 in the middle of appends: whatever append has returned for is there, with its bookmark,
// and no seq comes twice.
#include "base/random.h"
#include "tests/support/temporary.h"
#include "tests/unit/agent_shell/outbox_fixture.h"

#include <inttypes.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>
#include <sys/prctl.h>
#include <sys/wait.h>

// The child: appends batches with the count so far as bookmark, and after each tells what was
// accepted. Forgets now and then, as acks would make it.
static void append_forever(const char *path, int report)
{
    char note[1024];
    struct outbox *outbox = open_outbox(path, 1000000, note);
    for (;;) {
        struct message batch[3] = {an_order("a"), an_order("b"), an_order("c")};
        char value[32];
        uint64_t next = outbox_look(outbox).next + 3;
        snprintf(value, sizeof value, "%" PRIu64, next - 1);
        struct bookmark bookmark = {.name = "log", .value = value};
        size_t refused;
        if (outbox_append(outbox, batch, 3, &test_stamp, &bookmark, &refused) != STATUS_OK)
            _exit(1);
        if (next % 7 == 0 && outbox_forget(outbox, next / 2) != STATUS_OK)
            _exit(2);
        if (write(report, &next, sizeof next) != sizeof next)
            _exit(3);
    }
}

static uint64_t run_and_kill(const char *path, uint64_t reports)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        close(ends[0]);
        append_forever(path, ends[1]);
    }
    close(ends[1]);
    uint64_t next = 0, got;
    for (uint64_t i = 0; i < reports; i++) {
        assert_int_equal(read(ends[0], &got, sizeof got), sizeof got);
        next = got;
    }
    kill(child, SIGKILL);
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
    while (read(ends[0], &got, sizeof got) == sizeof got) // what it still said before it died
        next = got;
    close(ends[0]);
    return next;
}

static void nothing_accepted_is_lost_by_kill_9(void **state)
{
    (void)state;
    const char *given = getenv("STATIONWATCH_SEED");
    uint64_t seed = given != NULL ? strtoull(given, NULL, 0) : 20241106;
    printf("seed %" PRIu64 " (STATIONWATCH_SEED)\n", seed);
    struct random_state random;
    random_seed(&random, seed);
    struct temporary folder;
    char path[TEMPORARY_PATH_SIZE], note[1024], id[ID_SIZE] = "";
    temporary_init(&folder);
    temporary_path(&folder, "outbox.db", path);
    for (int round = 0; round < 25; round++) {
        uint64_t next = run_and_kill(path, 1 + random_below(&random, 40));
        struct outbox *outbox = open_outbox(path, 1000000, note);
        struct outbox_view view = outbox_look(outbox);
        char value[BOOKMARK_VALUE_SIZE];
        assert_string_equal(note, ""); // not set aside
        assert_true(view.next >= next);
        assert_int_equal(outbox_bookmark(outbox, "log", value), STATUS_OK);
        assert_int_equal(strtoull(value, NULL, 10), view.next - 1);
        if (id[0] != '\0')
            assert_string_equal(view.id, id);
        text_set(id, view.id);
        struct message message;
        struct event_stamp stamp;
        for (uint64_t seq = view.oldest; seq < view.next; seq++)
            assert_int_equal(outbox_read(outbox, seq, &message, &stamp), STATUS_OK);
        outbox_close(outbox);
    }
    temporary_fini(&folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_accepted_is_lost_by_kill_9),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
