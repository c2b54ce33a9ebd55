// SPDX-License-Identifier: Apache-2.0
// The outbox: what is kept over restarts, what is dropped, what is set aside.
#include "tests/support/temporary.h"
#include "tests/unit/agent_shell/outbox_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <glob.h>
#include <sqlite3.h>

static struct temporary folder;
static char path[TEMPORARY_PATH_SIZE];
static char note[1024];

static int make_folder(void **state)
{
    (void)state;
    temporary_init(&folder);
    temporary_path(&folder, "outbox.db", path);
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    temporary_fini(&folder);
    return 0;
}

static size_t files_set_aside(void)
{
    char pattern[TEMPORARY_PATH_SIZE + 32];
    glob_t found;
    snprintf(pattern, sizeof pattern, "%s.aside-*", path);
    size_t count = glob(pattern, 0, NULL, &found) == 0 ? found.gl_pathc : 0;
    if (count > 0)
        globfree(&found);
    return count;
}

static void assert_order(struct outbox *outbox, uint64_t seq, const char *order)
{
    struct message message;
    struct event_stamp stamp;
    assert_int_equal(outbox_read(outbox, seq, &message, &stamp), STATUS_OK);
    assert_int_equal(message.kind, MESSAGE_ORDER);
    assert_string_equal(message.order.order, order);
    assert_int_equal(message.order.key.seq, seq);
    assert_string_equal(message.order.key.outbox_id, outbox_look(outbox).id);
    assert_int_equal(message.order.key.age_ms, -1);
    assert_string_equal(stamp.boot_id, "boot-1");
    assert_int_equal(stamp.at.us, 5000000);
}

static void an_empty_outbox_has_its_next_as_oldest(void **state)
{
    (void)state;
    struct outbox *outbox = open_outbox(path, 10, note);
    struct outbox_view view = outbox_look(outbox);
    assert_int_equal(strlen(view.id), 32);
    assert_int_equal(view.oldest, 1);
    assert_int_equal(view.next, 1);
    assert_string_equal(note, "");
    outbox_close(outbox);
}

static void each_outbox_has_an_id_of_its_own(void **state)
{
    (void)state;
    char other_path[TEMPORARY_PATH_SIZE];
    struct outbox *one = open_outbox(path, 10, note);
    struct outbox *other = open_outbox(temporary_path(&folder, "other.db", other_path), 10, note);
    assert_string_not_equal(outbox_look(one).id, outbox_look(other).id);
    outbox_close(one);
    outbox_close(other);
}

static void events_id_and_seq_survive_a_restart(void **state)
{
    (void)state;
    struct outbox *outbox = open_outbox(path, 10, note);
    char id[ID_SIZE];
    text_set(id, outbox_look(outbox).id);
    append_orders(outbox, 100, 3);
    outbox_close(outbox);
    outbox = open_outbox(path, 10, note);
    assert_string_equal(outbox_look(outbox).id, id);
    assert_int_equal(outbox_look(outbox).oldest, 1);
    assert_int_equal(outbox_look(outbox).next, 4);
    assert_order(outbox, 1, "100");
    assert_order(outbox, 3, "102");
    outbox_close(outbox);
}

static void a_seq_never_comes_again(void **state)
{
    (void)state;
    struct outbox *outbox = open_outbox(path, 10, note);
    append_orders(outbox, 100, 3);
    assert_int_equal(outbox_forget(outbox, 3), STATUS_OK);
    outbox_close(outbox);
    outbox = open_outbox(path, 10, note);
    assert_int_equal(outbox_look(outbox).oldest, 4);
    append_orders(outbox, 200, 1);
    assert_order(outbox, 4, "200");
    outbox_close(outbox);
}

static void acked_events_are_forgotten_up_to_the_seq(void **state)
{
    (void)state;
    struct outbox *outbox = open_outbox(path, 10, note);
    append_orders(outbox, 100, 5);
    assert_int_equal(outbox_forget(outbox, 2), STATUS_OK);
    assert_int_equal(outbox_look(outbox).oldest, 3);
    struct message message;
    struct event_stamp stamp;
    assert_int_equal(outbox_read(outbox, 2, &message, &stamp), STATUS_NOT_FOUND);
    assert_order(outbox, 3, "102");
    outbox_close(outbox);
}

static void a_full_outbox_of_two_drops_its_oldest_and_counts(void **state)
{
    (void)state;
    struct outbox *outbox = open_outbox(path, 2, note);
    append_orders(outbox, 100, 5);
    assert_int_equal(outbox_look(outbox).oldest, 4);
    assert_int_equal(outbox_look(outbox).next, 6);
    assert_int_equal(outbox_dropped(outbox), 3);
    assert_order(outbox, 4, "103");
    outbox_close(outbox);
    outbox = open_outbox(path, 2, note);
    assert_int_equal(outbox_look(outbox).oldest, 4);
    assert_int_equal(outbox_dropped(outbox), 3);
    outbox_close(outbox);
}

static void a_batch_larger_than_the_outbox_keeps_its_last(void **state)
{
    (void)state;
    struct outbox *outbox = open_outbox(path, 2, note);
    struct message batch[5];
    for (int i = 0; i < 5; i++) {
        char name[16];
        snprintf(name, sizeof name, "%d", i);
        batch[i] = an_order(name);
    }
    size_t refused;
    assert_int_equal(outbox_append(outbox, batch, 5, &test_stamp, NULL, &refused), STATUS_OK);
    assert_int_equal(outbox_look(outbox).oldest, 4);
    assert_order(outbox, 5, "4");
    outbox_close(outbox);
}

static void bytes_are_bounded_as_well(void **state)
{
    (void)state;
    struct outbox_settings settings = {.path = path, .max_events = 1000000, .max_bytes = 20000};
    struct text text;
    struct outbox *outbox;
    text_init(&text, note, sizeof note);
    assert_int_equal(outbox_open(&settings, test_now, &outbox, &text), STATUS_OK);
    append_orders(outbox, 100, 500);
    struct outbox_view view = outbox_look(outbox);
    assert_in_range(view.next - view.oldest, 50, 150);
    assert_int_equal(view.oldest - 1, outbox_dropped(outbox));
    outbox_close(outbox);
}

static void bookmark_and_events_go_together(void **state)
{
    (void)state;
    char value[BOOKMARK_VALUE_SIZE];
    struct outbox *outbox = open_outbox(path, 10, note);
    assert_int_equal(outbox_bookmark(outbox, "log:a", value), STATUS_NOT_FOUND);
    struct message message = an_order("1");
    struct bookmark bookmark = {.name = "log:a", .value = "17"};
    size_t refused;
    assert_int_equal(outbox_append(outbox, &message, 1, &test_stamp, &bookmark, &refused),
                     STATUS_OK);
    bookmark.value = "18";
    assert_int_equal(outbox_append(outbox, NULL, 0, &test_stamp, &bookmark, &refused), STATUS_OK);
    outbox_close(outbox);
    outbox = open_outbox(path, 10, note);
    assert_int_equal(outbox_bookmark(outbox, "log:a", value), STATUS_OK);
    assert_string_equal(value, "18");
    assert_int_equal(outbox_look(outbox).next, 2);
    outbox_close(outbox);
}

static void bookmarks_are_bounded_by_their_oldest(void **state)
{
    (void)state;
    struct outbox *outbox = open_outbox(path, 10, note);
    size_t refused;
    char name[32], value[BOOKMARK_VALUE_SIZE];
    struct bookmark bookmark = {.name = name, .value = "x"};
    for (int i = 0; i < OUTBOX_BOOKMARKS_MAX + 2; i++) {
        snprintf(name, sizeof name, "log:%d", i);
        assert_int_equal(outbox_append(outbox, NULL, 0, &test_stamp, &bookmark, &refused),
                         STATUS_OK);
    }
    assert_int_equal(outbox_bookmark(outbox, "log:1", value), STATUS_NOT_FOUND);
    assert_int_equal(outbox_bookmark(outbox, "log:2", value), STATUS_OK);
    outbox_close(outbox);
}

static void what_breaks_the_contract_is_left_out_and_counted(void **state)
{
    (void)state;
    struct outbox *outbox = open_outbox(path, 10, note);
    struct message batch[4] = {an_order("1"), an_order("2"), an_order("3"), an_order("4")};
    batch[1].order.outcome = OUTCOME_UNSPECIFIED;
    batch[2].kind = MESSAGE_HEARTBEAT;
    size_t refused;
    assert_int_equal(outbox_append(outbox, batch, 4, &test_stamp, NULL, &refused), STATUS_OK);
    assert_int_equal(refused, 2);
    assert_int_equal(outbox_look(outbox).next, 3);
    assert_order(outbox, 2, "4");
    outbox_close(outbox);
}

static void assert_set_aside_and_begun_anew(void)
{
    struct outbox *outbox = open_outbox(path, 10, note);
    assert_int_equal(outbox_look(outbox).next, 1);
    assert_non_null(strstr(note, "set aside as"));
    assert_non_null(strstr(note, ".aside-20241106T050000Z"));
    assert_true(files_set_aside() >= 1);
    append_orders(outbox, 1, 1);
    outbox_close(outbox);
}

static void garbage_is_set_aside(void **state)
{
    (void)state;
    char written[TEMPORARY_PATH_SIZE];
    temporary_write(&folder, "outbox.db",
                    "this is no database, but it is long enough to be read "
                    "as the header of one, all one hundred bytes of it....",
                    written);
    assert_set_aside_and_begun_anew();
}

static void a_foreign_database_is_set_aside_unharmed(void **state)
{
    (void)state;
    sqlite3 *database;
    assert_int_equal(sqlite3_open(path, &database), SQLITE_OK);
    assert_int_equal(sqlite3_exec(database,
                                  "CREATE TABLE cookies (x); INSERT INTO cookies VALUES (42)", NULL,
                                  NULL, NULL),
                     SQLITE_OK);
    sqlite3_close(database);
    assert_set_aside_and_begun_anew();
    char aside[TEMPORARY_PATH_SIZE + 64];
    snprintf(aside, sizeof aside, "%s.aside-20241106T050000Z", path);
    assert_int_equal(sqlite3_open(aside, &database), SQLITE_OK);
    sqlite3_stmt *statement;
    assert_int_equal(sqlite3_prepare_v2(database, "SELECT x FROM cookies", -1, &statement, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    assert_int_equal(sqlite3_column_int(statement, 0), 42);
    sqlite3_finalize(statement);
    sqlite3_close(database);
}

static void an_overwritten_page_is_found_and_set_aside(void **state)
{
    (void)state;
    struct outbox *outbox = open_outbox(path, 1000, note);
    append_orders(outbox, 1, 500);
    outbox_close(outbox);
    FILE *file = fopen(path, "r+b");
    assert_non_null(file);
    fseek(file, 0, SEEK_END);
    long size = ftell(file);
    assert_true(size > 3 * 4096);
    char noise[4096];
    memset(noise, 0xa5, sizeof noise);
    for (long page = 1; page * 4096 < size; page++) {
        fseek(file, page * 4096, SEEK_SET);
        fwrite(noise, sizeof noise, 1, file);
    }
    fclose(file);
    assert_set_aside_and_begun_anew();
}

static void a_broken_run_of_seqs_is_set_aside(void **state)
{
    (void)state;
    struct outbox *outbox = open_outbox(path, 10, note);
    append_orders(outbox, 1, 5);
    outbox_close(outbox);
    sqlite3 *database;
    assert_int_equal(sqlite3_open(path, &database), SQLITE_OK);
    assert_int_equal(sqlite3_exec(database, "DELETE FROM event WHERE seq = 3", NULL, NULL, NULL),
                     SQLITE_OK);
    sqlite3_close(database);
    assert_set_aside_and_begun_anew();
}

static void several_set_aside_in_one_second_keep_apart(void **state)
{
    (void)state;
    char written[TEMPORARY_PATH_SIZE];
    for (int i = 0; i < 3; i++) {
        temporary_write(&folder, "outbox.db", "garbage that is no database at all", written);
        outbox_close(open_outbox(path, 10, note));
    }
    assert_int_equal(files_set_aside(), 3);
}

static void an_empty_file_becomes_an_outbox(void **state)
{
    (void)state;
    char written[TEMPORARY_PATH_SIZE];
    temporary_write(&folder, "outbox.db", "", written);
    struct outbox *outbox = open_outbox(path, 10, note);
    assert_string_equal(note, "");
    outbox_close(outbox);
}

static void a_second_agent_is_told_that_it_is_one(void **state)
{
    (void)state;
    struct outbox *first = open_outbox(path, 10, note);
    struct outbox_settings settings = {.path = path, .max_events = 10, .max_bytes = 1 << 20};
    struct text text;
    struct outbox *second = NULL;
    text_init(&text, note, sizeof note);
    assert_int_equal(outbox_open(&settings, test_now, &second, &text), STATUS_UNAVAILABLE);
    assert_null(second);
    assert_non_null(strstr(note, "in use by another agent"));
    assert_int_equal(files_set_aside(), 0);
    append_orders(first, 1, 1);
    outbox_close(first);
}

static void a_missing_folder_is_a_failure_with_its_path(void **state)
{
    (void)state;
    char missing[TEMPORARY_PATH_SIZE];
    struct outbox_settings settings = {.path = temporary_path(&folder, "no/outbox.db", missing),
                                       .max_events = 10,
                                       .max_bytes = 1 << 20};
    struct text text;
    struct outbox *outbox = NULL;
    text_init(&text, note, sizeof note);
    assert_int_equal(outbox_open(&settings, test_now, &outbox, &text), STATUS_IO);
    assert_non_null(strstr(note, missing));
}

int main(void)
{
#define OUTBOX_TEST(name) cmocka_unit_test_setup_teardown(name, make_folder, remove_folder)
    const struct CMUnitTest tests[] = {
        OUTBOX_TEST(an_empty_outbox_has_its_next_as_oldest),
        OUTBOX_TEST(each_outbox_has_an_id_of_its_own),
        OUTBOX_TEST(events_id_and_seq_survive_a_restart),
        OUTBOX_TEST(a_seq_never_comes_again),
        OUTBOX_TEST(acked_events_are_forgotten_up_to_the_seq),
        OUTBOX_TEST(a_full_outbox_of_two_drops_its_oldest_and_counts),
        OUTBOX_TEST(a_batch_larger_than_the_outbox_keeps_its_last),
        OUTBOX_TEST(bytes_are_bounded_as_well),
        OUTBOX_TEST(bookmark_and_events_go_together),
        OUTBOX_TEST(bookmarks_are_bounded_by_their_oldest),
        OUTBOX_TEST(what_breaks_the_contract_is_left_out_and_counted),
        OUTBOX_TEST(garbage_is_set_aside),
        OUTBOX_TEST(a_foreign_database_is_set_aside_unharmed),
        OUTBOX_TEST(an_overwritten_page_is_found_and_set_aside),
        OUTBOX_TEST(a_broken_run_of_seqs_is_set_aside),
        OUTBOX_TEST(several_set_aside_in_one_second_keep_apart),
        OUTBOX_TEST(an_empty_file_becomes_an_outbox),
        OUTBOX_TEST(a_second_agent_is_told_that_it_is_one),
        OUTBOX_TEST(a_missing_folder_is_a_failure_with_its_path),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
