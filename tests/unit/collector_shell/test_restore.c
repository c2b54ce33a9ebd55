// SPDX-License-Identifier: Apache-2.0
// From a store to events: nodes before what was learned of them, incidents last.
#include "base/text.h"
#include "collector/shell/restore.h"
#include "tests/support/temporary.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

struct seen {
    char buffer[500];
    struct text text;
};

static void see_event(void *context, const struct event *event)
{
    struct seen *seen = context;
    if (event->kind == EVENT_RESTORE_NODE)
        text_printf(&seen->text, "node %s;", event->node);
    else if (event->kind == EVENT_RESTORE_OUTBOX)
        text_printf(&seen->text, "outbox %s %d;", event->outbox_id, (int)event->high_water);
    else if (event->kind == EVENT_RESTORE_MEMORY)
        text_printf(&seen->text, "memory %s=%s;", event->key, event->memory);
    else
        text_append(&seen->text, "other;");
}

static void see_unreadable(void *context, const char *id, const char *problem)
{
    struct seen *seen = context;
    (void)problem;
    text_printf(&seen->text, "unreadable %s;", id);
}

static void everything_comes_back_in_an_order_that_the_engine_can_use(void **state)
{
    (void)state;
    struct temporary folder;
    char path[TEMPORARY_PATH_SIZE], problem[STORE_PROBLEM_SIZE];
    temporary_init(&folder);
    temporary_path(&folder, "collector.db", path);
    const struct store_settings settings = {path, {INT64_C(86400000000)}, {INT64_C(86400000000)}};
    struct store *store = NULL;
    const struct store_item items[] = {
        {.kind = STORE_INCIDENT, .incident = {"i1", false, {5}, {0}, "{", 1}},
        {.kind = STORE_MEMORY, .memory = {"habit:ETS-1", "1:AB"}},
        {.kind = STORE_NODE, .node = {"ETS-1", ROLE_STATION}},
        {.kind = STORE_MARK, .mark = {"ETS-1", "box", 7}}};
    assert_int_equal(store_sqlite.open(&settings, &store, problem), STATUS_OK);
    assert_int_equal(store_sqlite.begin(store, problem), STATUS_OK);
    for (size_t i = 0; i < sizeof items / sizeof items[0]; i++)
        assert_int_equal(store_sqlite.write(store, &items[i], problem), STATUS_OK);
    assert_int_equal(store_sqlite.commit(store, problem), STATUS_OK);

    struct restore restore;
    struct seen seen;
    struct restore_handlers handlers = {&seen, see_event, see_unreadable};
    text_init(&seen.text, seen.buffer, sizeof seen.buffer);
    assert_int_equal(restore_init(&restore, store, problem), STATUS_OK);
    store_sqlite.close(store);
    assert_int_equal(restore_give(&restore, &handlers), STATUS_OK);
    restore_fini(&restore);
    assert_string_equal(seen.buffer,
                        "outbox box 7;node ETS-1;memory habit:ETS-1=1:AB;unreadable i1;");
    temporary_fini(&folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everything_comes_back_in_an_order_that_the_engine_can_use),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
