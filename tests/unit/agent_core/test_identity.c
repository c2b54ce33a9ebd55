// SPDX-License-Identifier: Apache-2.0
// Births, wills and heartbeats as the agent builds them.
#include "agent/core/identity.h"
#include "agent/core/vitals.h"
#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static struct instant at_ms(int64_t ms)
{
    return (struct instant){.mono = {ms * 1000}, .wall = {1730869200000 + ms}};
}

static struct identity a_server(void)
{
    struct identity identity = {.role = ROLE_SERVER,
                                .incarnation = identity_incarnation(UINT64_MAX),
                                .boot_at_ms = 1730860000000,
                                .certificate_expires_at_ms = 1764547200000,
                                .heartbeat_interval_ms = 1000,
                                .label_count = 1,
                                .service_count = 1};
    text_set(identity.labels[0].key, "line");
    text_set(identity.labels[0].value, "L1");
    text_set(identity.services[0], "order-generator");
    text_set(identity.boot_id, "boot-1");
    return identity;
}

static const struct outbox_view view = {.id = "box", .oldest = 7, .next = 9};

static void an_incarnation_fits_a_json_number_and_is_never_zero(void **state)
{
    (void)state;
    assert_int_equal(identity_incarnation(0), 1);
    assert_true(identity_incarnation(UINT64_MAX) < INCARNATION_LIMIT);
    assert_int_equal(identity_incarnation(INCARNATION_LIMIT), 1);
}

static void the_will_is_the_birth_with_online_false(void **state)
{
    (void)state;
    struct identity identity = a_server();
    identity_next_session(&identity);
    struct message birth, will;
    identity_birth(&identity, &view, at_ms(0), &birth);
    identity_goodbye(&identity, OFFLINE_WILL, &view, at_ms(0), &will);
    assert_true(birth.birth.online);
    assert_int_equal(birth.birth.session, 1);
    assert_int_equal(birth.birth.outbox_oldest_seq, 7);
    assert_string_equal(birth.birth.services[0], "order-generator");
    assert_string_equal(birth.birth.labels[0].value, "L1");
    assert_int_equal(birth.birth.certificate_expires_at_ms, 1764547200000);
    assert_false(will.birth.online);
    assert_int_equal(will.birth.offline_reason, OFFLINE_WILL);
    will.birth.online = true;
    will.birth.offline_reason = OFFLINE_UNSPECIFIED;
    assert_memory_equal(&birth, &will, sizeof birth);
}

static void only_a_birth_that_denies_us_is_answered(void **state)
{
    (void)state;
    struct birth seen = {.online = true};
    assert_false(identity_is_overturned(&seen));
    seen.online = false;
    assert_true(identity_is_overturned(&seen));
}

static void a_heartbeat_counts_fetches_and_the_age_of_the_share_probe(void **state)
{
    (void)state;
    struct identity identity = a_server();
    struct vitals vitals;
    vitals_init(&vitals, at_ms(1000));
    struct message beat;
    vitals_heartbeat(&vitals, &identity, &view, at_ms(1500), &beat);
    assert_int_equal(beat.heartbeat.seq, 1);
    assert_int_equal(beat.heartbeat.share_probe_age_ms, -1);
    assert_int_equal(beat.heartbeat.share_outcome, OUTCOME_UNSPECIFIED);
    assert_int_equal(beat.heartbeat.outbox_depth, 2);

    struct message fetch = {.kind = MESSAGE_ORDER, .order = {.outcome = OUTCOME_OK}};
    vitals_count(&vitals, &fetch);
    fetch.order.outcome = OUTCOME_MISSING;
    vitals_count(&vitals, &fetch);
    vitals_count(&vitals, &fetch);
    struct message host = {.kind = MESSAGE_HOST};
    vitals_count(&vitals, &host);
    vitals_share(&vitals, OUTCOME_DENIED, at_ms(2000));
    vitals.software_running = true;
    vitals_heartbeat(&vitals, &identity, &view, at_ms(2600), &beat);
    assert_int_equal(beat.heartbeat.seq, 2);
    assert_int_equal(beat.heartbeat.fetch_ok, 1);
    assert_int_equal(beat.heartbeat.fetch_failed, 2);
    assert_int_equal(beat.heartbeat.share_outcome, OUTCOME_DENIED);
    assert_int_equal(beat.heartbeat.share_probe_age_ms, 600);
    assert_int_equal(beat.heartbeat.uptime_ms, 1600);
    assert_int_equal(beat.heartbeat.interval_ms, 1000);
    assert_true(beat.heartbeat.software_running);
}

static void a_failed_fetch_is_reason_to_look_once_a_second(void **state)
{
    (void)state;
    struct vitals vitals;
    vitals_init(&vitals, at_ms(0));
    struct message fetch = {.kind = MESSAGE_ORDER,
                            .order = {.outcome = OUTCOME_OK, .source = SOURCE_LOG}};
    assert_false(vitals_suspect(&vitals, &fetch, at_ms(0)));
    fetch.order.outcome = OUTCOME_MISSING;
    assert_true(vitals_suspect(&vitals, &fetch, at_ms(0)));
    assert_false(vitals_suspect(&vitals, &fetch, at_ms(999)));
    assert_true(vitals_suspect(&vitals, &fetch, at_ms(1000)));
    fetch.order.source = SOURCE_PROBE; // it has just looked
    assert_false(vitals_suspect(&vitals, &fetch, at_ms(5000)));
    struct message host = {.kind = MESSAGE_HOST};
    assert_false(vitals_suspect(&vitals, &host, at_ms(5000)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_incarnation_fits_a_json_number_and_is_never_zero),
        cmocka_unit_test(the_will_is_the_birth_with_online_false),
        cmocka_unit_test(only_a_birth_that_denies_us_is_answered),
        cmocka_unit_test(a_failed_fetch_is_reason_to_look_once_a_second),
        cmocka_unit_test(a_heartbeat_counts_fetches_and_the_age_of_the_share_probe),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
