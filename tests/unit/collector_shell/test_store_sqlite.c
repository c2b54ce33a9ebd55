// SPDX-License-Identifier: Apache-2.0
// The store: what survives a restart and a kill, what is refused, what retention takes.
#include "base/text.h"
#include "collector/shell/store.h"
#include "tests/support/temporary.h"

#include <setjmp.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static struct temporary folder;
static char path[TEMPORARY_PATH_SIZE];
static char problem[STORE_PROBLEM_SIZE];

static int make_folder(void **state)
{
    (void)state;
    temporary_init(&folder);
    temporary_path(&folder, "collector.db", path);
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    temporary_fini(&folder);
    return 0;
}

static const struct store_settings settings = {
    path, {INT64_C(86400000000)}, {INT64_C(864000000000)}};

static enum status try_open(struct store **ret_store)
{
    return store_sqlite.open(&settings, ret_store, problem);
}

static struct store *open_store(void)
{
    struct store *store = NULL;
    if (try_open(&store) != STATUS_OK)
        fail_msg("%s", problem);
    return store;
}

static void begin(struct store *store)
{
    assert_int_equal(store_sqlite.begin(store, problem), STATUS_OK);
}

static void commit(struct store *store)
{
    assert_int_equal(store_sqlite.commit(store, problem), STATUS_OK);
}

static void put(struct store *store, const struct store_item *item)
{
    assert_int_equal(store_sqlite.write(store, item, problem), STATUS_OK);
}

static struct store_item event_of(const char *node, uint64_t seq, int64_t received_ms)
{
    return (struct store_item){
        .kind = STORE_EVENT,
        .event = {node, "box", seq, MESSAGE_ORDER, {received_ms}, {received_ms - 5}, "payload", 7}};
}

static struct store_item mark_of(const char *node, uint64_t high_water)
{
    return (struct store_item){.kind = STORE_MARK, .mark = {node, "box", high_water}};
}

static struct store_item incident_of(const char *id, bool closed, int64_t since_ms,
                                     const char *json)
{
    return (struct store_item){
        .kind = STORE_INCIDENT,
        .incident = {id, closed, {since_ms}, {closed ? 0 : 77}, json, strlen(json)}};
}

static int64_t number(const char *sql)
{
    sqlite3 *database;
    sqlite3_stmt *statement;
    assert_int_equal(sqlite3_open(path, &database), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(database, sql, -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    int64_t value = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    sqlite3_close(database);
    return value;
}

static void execute(const char *sql)
{
    sqlite3 *database;
    assert_int_equal(sqlite3_open(path, &database), SQLITE_OK);
    assert_int_equal(sqlite3_exec(database, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(database);
}

struct seen {
    char text[1000];
    struct text out;
};

static void see_mark(void *context, const struct store_mark *mark)
{
    struct seen *seen = context;
    text_printf(&seen->out, "mark %s/%s %d;", mark->node, mark->outbox_id, (int)mark->high_water);
}

static void see_node(void *context, const struct store_node *node)
{
    struct seen *seen = context;
    text_printf(&seen->out, "node %s %s;", node->node, role_name(node->role));
}

static void see_incident(void *context, const struct store_incident *incident)
{
    struct seen *seen = context;
    text_printf(&seen->out, "incident %s %d %s;", incident->id, (int)incident->told_at.ms,
                incident->json);
}

static void see_memory(void *context, const struct store_memory *memory)
{
    struct seen *seen = context;
    text_printf(&seen->out, "memory %s=%s;", memory->key, memory->text);
}

static void expect_restored(struct store *store, const char *expected)
{
    struct seen seen;
    struct store_visitor visitor = {&seen, see_mark, see_node, see_incident, see_memory};
    text_init(&seen.out, seen.text, sizeof seen.text);
    assert_int_equal(store_sqlite.restore(store, &visitor, problem), STATUS_OK);
    assert_string_equal(seen.text, expected);
}

static void what_was_committed_is_there_after_a_restart(void **state)
{
    (void)state;
    struct store *store = open_store();
    begin(store);
    put(store, &(struct store_item){.kind = STORE_NODE, .node = {"ETS-1", ROLE_STATION}});
    put(store, &(struct store_item){.kind = STORE_NOTE, .note = {{5}, "ETS-1", "text"}});
    struct store_item items[] = {event_of("ETS-1", 1, 1000), mark_of("ETS-1", 1),
                                 incident_of("i2", false, 20, "{\"id\":\"i2\"}"),
                                 incident_of("i1", false, 10, "{\"id\":\"i1\"}"),
                                 incident_of("i0", true, 5, "{\"id\":\"i0\"}")};
    for (size_t i = 0; i < 5; i++)
        put(store, &items[i]);
    commit(store);
    store_sqlite.close(store);

    store = open_store();
    expect_restored(store, "mark ETS-1/box 1;node ETS-1 ROLE_STATION;"
                           "incident i1 77 {\"id\":\"i1\"};incident i2 77 {\"id\":\"i2\"};");
    store_sqlite.close(store);
    assert_int_equal(number("SELECT count(*) FROM events"), 1);
    assert_int_equal(number("SELECT count(*) FROM notes"), 1);
}

static void what_was_learned_is_kept_by_its_key(void **state)
{
    (void)state;
    struct store *store = open_store();
    begin(store);
    put(store, &(struct store_item){.kind = STORE_MEMORY, .memory = {"habit:ETS-1", "1:AB"}});
    put(store, &(struct store_item){.kind = STORE_MEMORY, .memory = {"habit:ETS-2", "1:CD"}});
    put(store, &(struct store_item){.kind = STORE_MEMORY, .memory = {"habit:ETS-1", "1:EF"}});
    put(store, &(struct store_item){.kind = STORE_NODE, .node = {"ETS-1", ROLE_STATION}});
    commit(store);
    store_sqlite.close(store);

    store = open_store();
    expect_restored(store, "node ETS-1 ROLE_STATION;memory habit:ETS-1=1:EF;"
                           "memory habit:ETS-2=1:CD;");
    store_sqlite.close(store);
}

static void a_store_from_before_there_was_a_memory_gets_one(void **state)
{
    (void)state;
    store_sqlite.close(open_store());
    execute("DROP TABLE memory");
    struct store *store = open_store();
    begin(store);
    put(store, &(struct store_item){.kind = STORE_MEMORY, .memory = {"k", "v"}});
    commit(store);
    expect_restored(store, "memory k=v;");
    store_sqlite.close(store);
}

static void a_repeated_event_is_stored_once_and_marks_never_go_back(void **state)
{
    (void)state;
    struct store *store = open_store();
    begin(store);
    struct store_item items[] = {event_of("A", 1, 1), event_of("A", 1, 2), event_of("B", 1, 1),
                                 mark_of("A", 9), mark_of("A", 4)};
    for (size_t i = 0; i < 5; i++)
        put(store, &items[i]);
    commit(store);
    expect_restored(store, "mark A/box 9;");
    store_sqlite.close(store);
    assert_int_equal(number("SELECT count(*) FROM events"), 2);
    assert_int_equal(number("SELECT received_at FROM events WHERE node='A'"), 1);
}

static void what_was_rolled_back_is_not_there(void **state)
{
    (void)state;
    struct store *store = open_store();
    struct store_item item = event_of("A", 1, 1);
    begin(store);
    put(store, &item);
    store_sqlite.rollback(store);
    begin(store);
    commit(store);
    store_sqlite.close(store);
    assert_int_equal(number("SELECT count(*) FROM events"), 0);
}

// The child: commits ten events one by one, reports each, writes an eleventh, is killed.
static void write_until_killed(int report)
{
    struct store *store = NULL;
    if (try_open(&store) != STATUS_OK)
        _exit(1);
    for (uint64_t seq = 1; seq <= 11; seq++) {
        struct store_item event = event_of("A", seq, 1), mark = mark_of("A", seq);
        if (store_sqlite.begin(store, problem) != STATUS_OK ||
            store_sqlite.write(store, &event, problem) != STATUS_OK ||
            store_sqlite.write(store, &mark, problem) != STATUS_OK)
            _exit(2);
        if (seq == 11)
            break;
        if (store_sqlite.commit(store, problem) != STATUS_OK || write(report, "c", 1) != 1)
            _exit(3);
    }
    (void)raise(SIGKILL);
}

static void a_kill_between_commits_loses_nothing_that_was_committed(void **state)
{
    (void)state;
    int report[2];
    char buffer[32];
    assert_int_equal(pipe(report), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0)
        write_until_killed(report[1]);
    close(report[1]);
    ssize_t commits = 0, count;
    while ((count = read(report[0], buffer, sizeof buffer)) > 0)
        commits += count;
    close(report[0]);
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    assert_int_equal(commits, 10);

    struct store *store = open_store();
    expect_restored(store, "mark A/box 10;");
    store_sqlite.close(store);
    assert_int_equal(number("SELECT count(*) FROM events"), 10);
    assert_int_equal(number("SELECT max(seq) FROM events"), 10);
}

static void expect_refusal(enum status status, const char *words)
{
    struct store *store = NULL;
    assert_int_equal(try_open(&store), status);
    assert_null(store);
    print_message("%s\n", problem);
    assert_non_null(strstr(problem, words));
}

static void a_newer_schema_is_refused(void **state)
{
    (void)state;
    store_sqlite.close(open_store());
    execute("PRAGMA user_version=2");
    expect_refusal(STATUS_UNSUPPORTED, "newer version");
}

static void another_programs_database_is_refused_and_left_alone(void **state)
{
    (void)state;
    execute("CREATE TABLE theirs(x); INSERT INTO theirs VALUES(1)");
    expect_refusal(STATUS_INVALID, "another program");
    assert_int_equal(number("SELECT count(*) FROM theirs"), 1);
}

static void a_damaged_file_is_refused_and_left_alone(void **state)
{
    (void)state;
    char out[64], file[TEMPORARY_PATH_SIZE];
    temporary_write(&folder, "collector.db", "this is not a database, it is a text", file);
    expect_refusal(STATUS_CORRUPT, "set it aside by hand");
    assert_string_equal(temporary_read(&folder, "collector.db", out, sizeof out),
                        "this is not a database, it is a text");
}

static void damage_inside_is_found_when_the_store_is_read(void **state)
{
    (void)state;
    struct store *store = open_store();
    begin(store);
    for (int i = 0; i < 200; i++) {
        char node[32];
        snprintf(node, sizeof node, "ETS-%03d-padded-to-fill-pages", i);
        struct store_item item = mark_of(node, 1);
        put(store, &item);
    }
    commit(store);
    store_sqlite.close(store);
    FILE *file = fopen(path, "r+");
    assert_non_null(file);
    int64_t root = number("SELECT rootpage FROM sqlite_master WHERE name='outbox_marks'");
    assert_int_equal(fseek(file, (long)(root - 1) * 4096, SEEK_SET), 0);
    for (int i = 0; i < 4096; i++)
        assert_int_equal(fputc(0xA5, file), 0xA5);
    assert_int_equal(fclose(file), 0);

    struct seen seen;
    struct store_visitor visitor = {&seen, see_mark, see_node, see_incident, see_memory};
    text_init(&seen.out, seen.text, sizeof seen.text);
    enum status status = try_open(&store);
    if (status == STATUS_OK) {
        status = store_sqlite.restore(store, &visitor, problem);
        store_sqlite.close(store);
    }
    assert_int_equal(status, STATUS_CORRUPT);
    assert_non_null(strstr(problem, "by hand"));
}

static void a_second_collector_on_the_same_file_is_refused(void **state)
{
    (void)state;
    struct store *store = open_store();
    begin(store);
    commit(store);
    expect_refusal(STATUS_UNAVAILABLE, "in use");
    store_sqlite.close(store);
}

static void a_missing_folder_is_said(void **state)
{
    (void)state;
    struct store_settings elsewhere = settings;
    struct store *store = NULL;
    elsewhere.path = "/nonexistent/folder/collector.db";
    assert_int_equal(store_sqlite.open(&elsewhere, &store, problem), STATUS_UNAVAILABLE);
    assert_non_null(strstr(problem, "store.path"));
}

static void retention_takes_old_events_but_never_their_marks(void **state)
{
    (void)state;
    const int64_t day_ms = 86400000;
    struct store *store = open_store();
    for (int round = 0; round < 4; round++) { // a day apart; two rounds are within retention
        begin(store);
        for (uint64_t i = 1; i <= 300; i++) {
            struct store_item item = event_of("A", (uint64_t)round * 300 + i, round * day_ms + 1);
            put(store, &item);
        }
        struct store_item mark = mark_of("A", (uint64_t)round * 300 + 300);
        put(store, &mark);
        commit(store);
    }
    expect_restored(store, "mark A/box 1200;");
    store_sqlite.close(store);
    assert_int_equal(number("SELECT min(seq) FROM events"), 601);
    assert_int_equal(number("SELECT count(*) FROM events"), 600);
}

static void closed_incidents_are_listed_newest_first_and_found_by_id(void **state)
{
    (void)state;
    struct store *store = open_store();
    struct store_text text;
    struct store_item items[] = {incident_of("a", true, 10, "{\"id\":\"a\"}"),
                                 incident_of("b", true, 30, "{\"id\":\"b\"}"),
                                 incident_of("c", true, 20, "{\"id\":\"c\"}"),
                                 incident_of("d", false, 40, "{\"id\":\"d\"}")};
    begin(store);
    for (size_t i = 0; i < 4; i++)
        put(store, &items[i]);
    commit(store);
    assert_int_equal(store_sqlite.closed_incidents(store, 2, &text, problem), STATUS_OK);
    assert_string_equal(text.data, "{\"id\":\"b\"},{\"id\":\"c\"}");
    free(text.data);
    assert_int_equal(store_sqlite.closed_incidents(store, 0, &text, problem), STATUS_OK);
    assert_int_equal(text.size, 0);
    free(text.data);
    assert_int_equal(store_sqlite.find_incident(store, "d", &text, problem), STATUS_OK);
    assert_string_equal(text.data, "{\"id\":\"d\"}");
    free(text.data);
    assert_int_equal(store_sqlite.find_incident(store, "nope", &text, problem), STATUS_NOT_FOUND);
    store_sqlite.close(store);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_folder, remove_folder)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_was_committed_is_there_after_a_restart),
        TEST(what_was_learned_is_kept_by_its_key),
        TEST(a_store_from_before_there_was_a_memory_gets_one),
        TEST(a_repeated_event_is_stored_once_and_marks_never_go_back),
        TEST(what_was_rolled_back_is_not_there),
        TEST(a_kill_between_commits_loses_nothing_that_was_committed),
        TEST(a_newer_schema_is_refused),
        TEST(another_programs_database_is_refused_and_left_alone),
        TEST(a_damaged_file_is_refused_and_left_alone),
        TEST(damage_inside_is_found_when_the_store_is_read),
        TEST(a_second_collector_on_the_same_file_is_refused),
        TEST(a_missing_folder_is_said),
        TEST(retention_takes_old_events_but_never_their_marks),
        TEST(closed_incidents_are_listed_newest_first_and_found_by_id),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
