// SPDX-License-Identifier: Apache-2.0
// Which commands are obeyed.
#include "agent/core/command_gate.h"
#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

static const struct instant now = {.mono = {5000000}, .wall = {1730869200000}};

static struct command a_command(const char *id, const char *action)
{
    struct command command = {.expires_at_ms = 1730869200000 + 30000};
    text_set(command.id, id);
    text_set(command.action, action);
    return command;
}

static enum command_verdict check(struct command_gate *gate, struct command command)
{
    enum command_action action;
    return command_gate_check(gate, &command, false, now, &action);
}

static void known_actions_are_accepted(void **state)
{
    (void)state;
    struct command_gate gate;
    command_gate_init(&gate);
    const char *const names[] = {"resync", "probe", "start_service"};
    for (int i = 0; i < 3; i++) {
        char id[2] = {(char)('a' + i), '\0'};
        struct command command = a_command(id, names[i]);
        enum command_action action;
        assert_int_equal(command_gate_check(&gate, &command, false, now, &action),
                         COMMAND_ACCEPTED);
        assert_int_equal(action, i);
    }
}

static void a_retained_command_is_refused_however_fresh(void **state)
{
    (void)state;
    struct command_gate gate;
    command_gate_init(&gate);
    struct command command = a_command("a", "probe");
    enum command_action action;
    assert_int_equal(command_gate_check(&gate, &command, true, now, &action), COMMAND_RETAINED);
    assert_int_equal(command_gate_check(&gate, &command, false, now, &action), COMMAND_ACCEPTED);
}

static void an_expired_command_is_refused_with_tolerance_for_clocks(void **state)
{
    (void)state;
    struct command_gate gate;
    command_gate_init(&gate);
    struct command command = a_command("a", "probe");
    command.expires_at_ms = now.wall.ms - COMMAND_TOLERANCE_MS - 1;
    assert_int_equal(check(&gate, command), COMMAND_EXPIRED);
    command.expires_at_ms = 0;
    assert_int_equal(check(&gate, command), COMMAND_EXPIRED);
    command.expires_at_ms = INT64_MIN;
    assert_int_equal(check(&gate, command), COMMAND_EXPIRED);
    command.expires_at_ms = now.wall.ms - COMMAND_TOLERANCE_MS;
    assert_int_equal(check(&gate, command), COMMAND_ACCEPTED);
}

static void a_repeated_id_is_refused_among_the_last_64(void **state)
{
    (void)state;
    struct command_gate gate;
    command_gate_init(&gate);
    assert_int_equal(check(&gate, a_command("first", "probe")), COMMAND_ACCEPTED);
    for (int i = 0; i < COMMAND_GATE_REMEMBERED - 1; i++) {
        char id[16];
        snprintf(id, sizeof id, "c%d", i);
        assert_int_equal(check(&gate, a_command(id, "probe")), COMMAND_ACCEPTED);
        assert_int_equal(check(&gate, a_command("first", "probe")), COMMAND_REPEATED);
    }
}

static void a_refused_command_does_not_use_up_its_id(void **state)
{
    (void)state;
    struct command_gate gate;
    command_gate_init(&gate);
    assert_int_equal(check(&gate, a_command("a", "reboot")), COMMAND_UNKNOWN);
    assert_int_equal(check(&gate, a_command("a", "")), COMMAND_UNKNOWN);
    assert_int_equal(check(&gate, a_command("a", "probe")), COMMAND_ACCEPTED);
}

static void a_command_without_id_is_refused(void **state)
{
    (void)state;
    struct command_gate gate;
    command_gate_init(&gate);
    assert_int_equal(check(&gate, a_command("", "probe")), COMMAND_WITHOUT_ID);
}

static void every_verdict_has_a_text(void **state)
{
    (void)state;
    for (int i = 0; i < COMMAND_VERDICT_COUNT; i++)
        assert_true(command_verdict_text((enum command_verdict)i)[0] != '\0');
    assert_non_null(command_verdict_text((enum command_verdict)99));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_actions_are_accepted),
        cmocka_unit_test(a_retained_command_is_refused_however_fresh),
        cmocka_unit_test(an_expired_command_is_refused_with_tolerance_for_clocks),
        cmocka_unit_test(a_repeated_id_is_refused_among_the_last_64),
        cmocka_unit_test(a_refused_command_does_not_use_up_its_id),
        cmocka_unit_test(a_command_without_id_is_refused),
        cmocka_unit_test(every_verdict_has_a_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
