// SPDX-License-Identifier: Apache-2.0
// The restart policy, in virtual time.
#include "agent/core/guardian.h"
#include "base/random.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct instant at_s(int64_t s)
{
    return (struct instant){.mono = {s * 1000000}, .wall = {1730869200000 + s * 1000}};
}

static struct guardian_settings ensure(void)
{
    return (struct guardian_settings){.policy = GUARDIAN_ENSURE_RUNNING,
                                      .delay = duration_s(0),
                                      .attempts = 3,
                                      .backoff = duration_s(10),
                                      .backoff_max = duration_s(15),
                                      .start_timeout = duration_s(30),
                                      .stable_after = duration_s(60)};
}

static struct guardian a_guardian(struct guardian_settings settings)
{
    struct guardian guardian;
    guardian_init(&guardian, &settings, (struct mono_time){0});
    return guardian;
}

static struct guardian_effect observe(struct guardian *guardian, enum service_state state,
                                      int64_t s)
{
    return guardian_observe(guardian, state, START_UNSPECIFIED, at_s(s));
}

static void watching_only_never_starts_anything(void **state)
{
    (void)state;
    struct guardian_settings settings = ensure();
    settings.policy = GUARDIAN_WATCH;
    struct guardian guardian = a_guardian(settings);
    assert_int_equal(observe(&guardian, SERVICE_STOPPED, 1000).kind, GUARDIAN_NOTHING);
    assert_true(mono_is_never(guardian_deadline(&guardian)));
    struct guardian_effect effect;
    const char *refusal = NULL;
    assert_false(guardian_request(&guardian, at_s(1000), &effect, &refusal));
    assert_non_null(refusal);
}

static void a_stopped_service_is_started_after_the_delay(void **state)
{
    (void)state;
    struct guardian_settings settings = ensure();
    settings.delay = duration_s(7);
    struct guardian guardian = a_guardian(settings);
    observe(&guardian, SERVICE_RUNNING, 0);
    observe(&guardian, SERVICE_STOPPED, 100);
    assert_int_equal(guardian_deadline(&guardian).us, 107000000);
    assert_int_equal(guardian_expire(&guardian, at_s(106)).kind, GUARDIAN_NOTHING);
    struct guardian_effect effect = guardian_expire(&guardian, at_s(107));
    assert_int_equal(effect.kind, GUARDIAN_START);
    assert_string_equal(effect.reason, "started by stationwatch-agent, attempt 1 of 3");
}

static void running_and_staying_so_is_verified_and_forgets_the_attempts(void **state)
{
    (void)state;
    struct guardian guardian = a_guardian(ensure());
    observe(&guardian, SERVICE_STOPPED, 100);
    assert_int_equal(guardian_expire(&guardian, at_s(100)).kind, GUARDIAN_START);
    observe(&guardian, SERVICE_RUNNING, 102);
    observe(&guardian, SERVICE_RUNNING, 130); // told again: does not put the verdict off
    assert_int_equal(guardian_expire(&guardian, at_s(161)).kind, GUARDIAN_NOTHING);
    struct guardian_effect effect = guardian_expire(&guardian, at_s(162));
    assert_int_equal(effect.kind, GUARDIAN_VERIFIED);
    assert_string_equal(effect.reason, "verified by stationwatch-agent, attempt 1 of 3");
    observe(&guardian, SERVICE_FAILED, 200);
    effect = guardian_expire(&guardian, at_s(200));
    assert_string_equal(effect.reason, "started by stationwatch-agent, attempt 1 of 3");
}

static void attempts_are_spaced_by_a_capped_back_off_and_end(void **state)
{
    (void)state;
    struct guardian guardian = a_guardian(ensure());
    observe(&guardian, SERVICE_STOPPED, 100);
    assert_int_equal(guardian_expire(&guardian, at_s(100)).kind, GUARDIAN_START);
    assert_int_equal(guardian_start_result(&guardian, false, at_s(101)).kind, GUARDIAN_FAILED);
    assert_int_equal(guardian_deadline(&guardian).us, 111000000);
    assert_int_equal(guardian_expire(&guardian, at_s(111)).kind, GUARDIAN_START);
    assert_int_equal(guardian_start_result(&guardian, false, at_s(111)).kind, GUARDIAN_FAILED);
    assert_int_equal(guardian_deadline(&guardian).us, 126000000); // 15 s, not 20
    assert_int_equal(guardian_expire(&guardian, at_s(126)).kind, GUARDIAN_START);
    struct guardian_effect effect = guardian_start_result(&guardian, false, at_s(127));
    assert_int_equal(effect.kind, GUARDIAN_GAVE_UP);
    assert_string_equal(effect.reason, "stationwatch-agent gave up after 3 attempts");
    assert_true(mono_is_never(guardian_deadline(&guardian)));
    assert_int_equal(observe(&guardian, SERVICE_STOPPED, 5000).kind, GUARDIAN_NOTHING);
}

static void an_accepted_start_that_never_runs_has_failed_at_its_timeout(void **state)
{
    (void)state;
    struct guardian guardian = a_guardian(ensure());
    observe(&guardian, SERVICE_STOPPED, 100);
    guardian_expire(&guardian, at_s(100));
    guardian_start_result(&guardian, true, at_s(100));
    assert_int_equal(guardian_deadline(&guardian).us, 130000000);
    struct guardian_effect effect = guardian_expire(&guardian, at_s(130));
    assert_int_equal(effect.kind, GUARDIAN_FAILED);
    assert_string_equal(effect.reason, "not started by stationwatch-agent, attempt 1 of 3");
    assert_int_equal(guardian_expire(&guardian, at_s(140)).kind, GUARDIAN_START);
}

static void the_old_state_told_again_is_not_a_failed_start(void **state)
{
    (void)state;
    struct guardian guardian = a_guardian(ensure());
    observe(&guardian, SERVICE_STOPPED, 100);
    guardian_expire(&guardian, at_s(100));
    observe(&guardian, SERVICE_STOPPED, 101);
    assert_int_equal(guardian.phase, GUARDIAN_STARTING);
    observe(&guardian, SERVICE_START_PENDING, 102);
    observe(&guardian, SERVICE_FAILED, 103);
    assert_int_equal(guardian.phase, GUARDIAN_WAITING);
}

static void a_service_that_keeps_crashing_uses_up_its_attempts(void **state)
{
    (void)state;
    struct guardian guardian = a_guardian(ensure());
    observe(&guardian, SERVICE_RUNNING, 0);
    struct guardian_effect effect = observe(&guardian, SERVICE_FAILED, 10);
    int starts = 0;
    for (int64_t s = 10; s < 1000 && effect.kind != GUARDIAN_GAVE_UP; s++) {
        effect = guardian_expire(&guardian, at_s(s));
        if (effect.kind == GUARDIAN_START) {
            starts++;
            observe(&guardian, SERVICE_RUNNING, s);
            effect = observe(&guardian, SERVICE_FAILED, s + 2);
        }
    }
    assert_int_equal(effect.kind, GUARDIAN_GAVE_UP);
    assert_int_equal(starts, 3);
}

static void started_by_hand_after_giving_up_it_is_guarded_again(void **state)
{
    (void)state;
    struct guardian_settings settings = ensure();
    settings.attempts = 1;
    struct guardian guardian = a_guardian(settings);
    observe(&guardian, SERVICE_STOPPED, 10);
    guardian_expire(&guardian, at_s(10));
    assert_int_equal(guardian_start_result(&guardian, false, at_s(11)).kind, GUARDIAN_GAVE_UP);
    observe(&guardian, SERVICE_RUNNING, 600);
    assert_int_equal(guardian_expire(&guardian, at_s(660)).kind, GUARDIAN_VERIFIED);
    observe(&guardian, SERVICE_STOPPED, 700);
    assert_int_equal(guardian_expire(&guardian, at_s(700)).kind, GUARDIAN_START);
}

static void after_a_boot_automatic_services_are_given_time(void **state)
{
    (void)state;
    const struct {
        enum start_mode mode;
        int64_t first_attempt_s;
    } rows[] = {
        {START_AUTO, 120}, {START_AUTO_DELAYED, 300}, {START_MANUAL, 20}, {START_UNSPECIFIED, 20}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct guardian guardian = a_guardian(ensure());
        guardian_observe(&guardian, SERVICE_STOPPED, rows[i].mode, at_s(20));
        assert_int_equal(guardian_deadline(&guardian).us, rows[i].first_attempt_s * 1000000);
    }
}

static void a_service_that_ran_since_the_boot_has_no_grace(void **state)
{
    (void)state;
    struct guardian guardian = a_guardian(ensure());
    guardian_observe(&guardian, SERVICE_RUNNING, START_AUTO, at_s(20));
    guardian_observe(&guardian, SERVICE_STOPPED, START_AUTO, at_s(30));
    assert_int_equal(guardian_deadline(&guardian).us, 30000000);
}

static void disabled_and_missing_services_are_told_not_fought(void **state)
{
    (void)state;
    struct guardian guardian = a_guardian(ensure());
    struct guardian_effect effect =
        guardian_observe(&guardian, SERVICE_STOPPED, START_DISABLED, at_s(20));
    assert_int_equal(effect.kind, GUARDIAN_GAVE_UP);
    assert_non_null(strstr(effect.reason, "is disabled"));
    effect = guardian_observe(&guardian, SERVICE_STOPPED, START_DISABLED, at_s(30));
    assert_int_equal(effect.kind, GUARDIAN_NOTHING); // told once
    guardian = a_guardian(ensure());
    assert_int_equal(observe(&guardian, SERVICE_NOT_INSTALLED, 20).kind, GUARDIAN_GAVE_UP);
}

static void a_command_starts_at_once_and_counts_anew(void **state)
{
    (void)state;
    struct guardian guardian = a_guardian(ensure());
    struct guardian_effect effect;
    const char *refusal = NULL;
    observe(&guardian, SERVICE_RUNNING, 0);
    assert_false(guardian_request(&guardian, at_s(1), &effect, &refusal));
    assert_string_equal(refusal, "is running already");
    observe(&guardian, SERVICE_STOPPED, 10);
    assert_true(guardian_request(&guardian, at_s(10), &effect, &refusal));
    assert_int_equal(effect.kind, GUARDIAN_START);
    assert_false(guardian_request(&guardian, at_s(11), &effect, &refusal));
}

static void a_pending_service_is_left_alone_for_a_while(void **state)
{
    (void)state;
    struct guardian_settings settings = ensure();
    settings.delay = duration_s(5);
    struct guardian guardian = a_guardian(settings);
    observe(&guardian, SERVICE_STOPPED, 100);
    observe(&guardian, SERVICE_START_PENDING, 103);
    assert_int_equal(guardian_expire(&guardian, at_s(105)).kind, GUARDIAN_NOTHING);
    assert_int_equal(guardian_deadline(&guardian).us, 115000000);
}

// Whatever the service does: never more starts than allowed between two verified repairs.
static void no_behaviour_of_a_service_exceeds_the_attempts(void **state)
{
    (void)state;
    const char *given = getenv("STATIONWATCH_SEED");
    uint64_t seed = given != NULL ? strtoull(given, NULL, 0) : 20241106;
    printf("seed %" PRIu64 " (STATIONWATCH_SEED)\n", seed);
    struct random_state random;
    random_seed(&random, seed);
    for (int run = 0; run < 500; run++) {
        struct guardian guardian = a_guardian(ensure());
        uint32_t starts = 0;
        for (int64_t s = 1; s < 3000; s += 1 + (int64_t)random_below(&random, 20)) {
            struct guardian_effect effect = guardian_expire(&guardian, at_s(s));
            if (effect.kind == GUARDIAN_NOTHING && random_below(&random, 2) == 0)
                effect = observe(&guardian, 1 + random_below(&random, SERVICE_STATE_COUNT - 2), s);
            if (effect.kind == GUARDIAN_NOTHING && random_below(&random, 4) == 0)
                effect = guardian_start_result(&guardian, random_below(&random, 2) == 0, at_s(s));
            starts += effect.kind == GUARDIAN_START;
            if (effect.kind == GUARDIAN_VERIFIED)
                starts = 0;
            assert_in_range(starts, 0, 3);
            assert_in_range(guardian.attempt, 0, 3);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(watching_only_never_starts_anything),
        cmocka_unit_test(a_stopped_service_is_started_after_the_delay),
        cmocka_unit_test(running_and_staying_so_is_verified_and_forgets_the_attempts),
        cmocka_unit_test(attempts_are_spaced_by_a_capped_back_off_and_end),
        cmocka_unit_test(an_accepted_start_that_never_runs_has_failed_at_its_timeout),
        cmocka_unit_test(the_old_state_told_again_is_not_a_failed_start),
        cmocka_unit_test(a_service_that_keeps_crashing_uses_up_its_attempts),
        cmocka_unit_test(started_by_hand_after_giving_up_it_is_guarded_again),
        cmocka_unit_test(after_a_boot_automatic_services_are_given_time),
        cmocka_unit_test(a_service_that_ran_since_the_boot_has_no_grace),
        cmocka_unit_test(disabled_and_missing_services_are_told_not_fought),
        cmocka_unit_test(a_command_starts_at_once_and_counts_anew),
        cmocka_unit_test(a_pending_service_is_left_alone_for_a_while),
        cmocka_unit_test(no_behaviour_of_a_service_exceeds_the_attempts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
