// SPDX-License-Identifier: Apache-2.0
// A disk without space: an append fails whole, what was accepted stays, and it goes on as soon as
// there is room. On a tmpfs of 1 MB, so it needs root; otherwise the test is skipped.
#include "tests/support/temporary.h"
#include "tests/unit/agent_shell/outbox_fixture.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <sys/mount.h>

static struct temporary folder;

static enum status fill(struct outbox *outbox, uint64_t *ret_next)
{
    for (unsigned i = 0; i < 100000; i++) {
        struct message message = an_order("x");
        memset(message.order.detail, 'd', sizeof message.order.detail - 1);
        size_t refused;
        enum status status = outbox_append(outbox, &message, 1, &test_stamp, NULL, &refused);
        if (status != STATUS_OK)
            return status;
        *ret_next = outbox_look(outbox).next;
    }
    return STATUS_OK;
}

static void a_full_disk_refuses_and_loses_nothing(void **state)
{
    (void)state;
    char path[TEMPORARY_PATH_SIZE], note[1024];
    struct outbox *outbox = open_outbox(temporary_path(&folder, "outbox.db", path), 100000, note);
    uint64_t next = 1;
    enum status status = fill(outbox, &next);
    assert_true(status == STATUS_FULL || status == STATUS_IO);
    assert_true(next > 100);
    assert_int_equal(outbox_look(outbox).next, next);
    struct message message;
    struct event_stamp stamp;
    for (uint64_t seq = 1; seq < next; seq++)
        assert_int_equal(outbox_read(outbox, seq, &message, &stamp), STATUS_OK);
    outbox_close(outbox);
    outbox = open_outbox(path, 100000, note);
    assert_string_equal(note, "");
    assert_int_equal(outbox_look(outbox).next, next);
    outbox_close(outbox);
}

static void with_room_again_it_goes_on(void **state)
{
    (void)state;
    char path[TEMPORARY_PATH_SIZE], ballast[TEMPORARY_PATH_SIZE], note[1024];
    static char half[512 * 1024];
    memset(half, 'b', sizeof half - 1);
    temporary_write(&folder, "ballast", half, ballast);
    struct outbox *outbox = open_outbox(temporary_path(&folder, "outbox.db", path), 100000, note);
    uint64_t next = 1;
    assert_true(fill(outbox, &next) != STATUS_OK);
    assert_int_equal(unlink(ballast), 0);
    struct message message = an_order("after");
    size_t refused;
    assert_int_equal(outbox_append(outbox, &message, 1, &test_stamp, NULL, &refused), STATUS_OK);
    assert_int_equal(outbox_look(outbox).next, next + 1);
    outbox_close(outbox);
}

static int mount_small_disk(void **state)
{
    (void)state;
    temporary_init(&folder);
    return mount("tmpfs", folder.path, "tmpfs", 0, "size=1m");
}

static int unmount_small_disk(void **state)
{
    (void)state;
    int result = umount(folder.path);
    temporary_fini(&folder);
    return result;
}

int main(void)
{
    if (mount_small_disk(NULL) != 0) {
        printf("skipped: a tmpfs can't be mounted here: %s\n", strerror(errno));
        temporary_fini(&folder);
        return 77;
    }
    unmount_small_disk(NULL);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_full_disk_refuses_and_loses_nothing, mount_small_disk,
                                        unmount_small_disk),
        cmocka_unit_test_setup_teardown(with_room_again_it_goes_on, mount_small_disk,
                                        unmount_small_disk),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
