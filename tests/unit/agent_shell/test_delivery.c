// SPDX-License-Identifier: Apache-2.0
// From acceptance to ack, with a real outbox and a network that is a list.
#include "agent/shell/delivery.h"
#include "runtime/log.h"
#include "tests/support/temporary.h"
#include "tests/unit/agent_shell/outbox_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <sys/stat.h>

enum { SENT_MAX = 300 };

struct network {
    struct message sent[SENT_MAX];
    size_t count;
    bool refuses;
    unsigned begun, room;
};

static struct temporary folder;
static char path[TEMPORARY_PATH_SIZE];
static struct network network;
static struct delivery delivery;

static enum status publish(void *context, const struct message *event)
{
    struct network *to = context;
    if (to->refuses)
        return STATUS_FULL;
    assert_true(to->count < SENT_MAX);
    to->sent[to->count++] = *event;
    return STATUS_OK;
}

static void begun(void *context)
{
    ((struct network *)context)->begun++;
}

static void room(void *context)
{
    ((struct network *)context)->room++;
}

static struct instant at_ms(int64_t ms)
{
    return (struct instant){.mono = {ms * 1000}, .wall = {test_now.ms + ms}};
}

static void start(const char *boot_id, int64_t ms)
{
    struct delivery_settings settings = {
        .outbox = {.path = path, .max_events = 100000, .max_bytes = 1 << 24},
        .policy = {.window = 4, .backoff_min = duration_s(2), .backoff_max = duration_s(60)},
        .boot_id = boot_id};
    struct delivery_events events = {
        .publish = publish, .begun = begun, .room = room, .context = &network};
    network.count = 0;
    delivery_init(&delivery, &settings, &events, at_ms(ms));
}

static enum status append(const char *order, int64_t ms)
{
    struct message message = an_order(order);
    return delivery_append(&delivery, &message, 1, at_ms(ms), NULL, at_ms(ms));
}

static void ack(uint64_t seq, int64_t ms)
{
    struct ack message = {.seq = seq};
    text_set(message.outbox_id, delivery_look(&delivery).id);
    delivery_ack(&delivery, &message, at_ms(ms));
}

static int make_folder(void **state)
{
    (void)state;
    memset(&network, 0, sizeof network);
    temporary_init(&folder);
    temporary_path(&folder, "outbox.db", path);
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    delivery_fini(&delivery);
    temporary_fini(&folder);
    return 0;
}

static void an_event_goes_out_at_once_and_again_until_it_is_acked(void **state)
{
    (void)state;
    start("boot", 0);
    delivery_connected(&delivery);
    assert_int_equal(append("1", 100), STATUS_OK);
    assert_int_equal(network.count, 1);
    assert_int_equal(network.sent[0].order.key.age_ms, 0);
    struct mono_time deadline = delivery_deadline(&delivery);
    assert_in_range(deadline.us, 1100000, 2100000);
    delivery_expire(&delivery, at_ms(2100));
    assert_int_equal(network.count, 2);
    assert_int_equal(network.sent[1].order.key.seq, 1);
    assert_int_equal(network.sent[1].order.key.age_ms, 2000); // computed anew
    ack(1, 2200);
    assert_true(mono_is_never(delivery_deadline(&delivery)));
    delivery_expire(&delivery, at_ms(60000));
    assert_int_equal(network.count, 2);
    assert_int_equal(delivery_look(&delivery).oldest, 2);
}

static void what_waited_while_disconnected_goes_out_in_order(void **state)
{
    (void)state;
    start("boot", 0);
    for (int i = 0; i < 6; i++)
        assert_int_equal(append("x", i), STATUS_OK);
    assert_int_equal(network.count, 0);
    delivery_connected(&delivery);
    delivery_pump(&delivery, at_ms(1000));
    assert_int_equal(network.count, 4); // the window
    ack(4, 1001);
    assert_int_equal(network.count, 6);
    for (size_t i = 0; i < 6; i++)
        assert_int_equal(network.sent[i].order.key.seq, i + 1);
}

static void a_network_without_room_is_asked_again(void **state)
{
    (void)state;
    start("boot", 0);
    delivery_connected(&delivery);
    network.refuses = true;
    assert_int_equal(append("1", 0), STATUS_OK);
    network.refuses = false;
    delivery_pump(&delivery, at_ms(5));
    assert_int_equal(network.count, 1);
}

static void the_age_is_known_over_a_restart_and_unknown_over_a_boot(void **state)
{
    (void)state;
    start("boot", 0);
    assert_int_equal(append("1", 1000), STATUS_OK);
    delivery_fini(&delivery);
    start("boot", 5000);
    delivery_connected(&delivery);
    delivery_pump(&delivery, at_ms(5000));
    assert_int_equal(network.sent[0].order.key.age_ms, 4000);
    delivery_fini(&delivery);
    start("another boot", 6000);
    delivery_connected(&delivery);
    delivery_pump(&delivery, at_ms(6000));
    assert_int_equal(network.sent[0].order.key.age_ms, -1);
}

static void foreign_acks_change_nothing(void **state)
{
    (void)state;
    start("boot", 0);
    delivery_connected(&delivery);
    assert_int_equal(append("1", 0), STATUS_OK);
    struct ack foreign = {.outbox_id = "other", .seq = 1};
    delivery_ack(&delivery, &foreign, at_ms(1));
    ack(2, 2); // above our last
    assert_int_equal(delivery_look(&delivery).oldest, 1);
    assert_int_equal(delivery.acks_ignored, 2);
}

static void without_an_outbox_it_is_tried_again_every_ten_seconds(void **state)
{
    (void)state;
    temporary_path(&folder, "missing/outbox.db", path);
    start("boot", 0);
    delivery_connected(&delivery);
    assert_int_equal(append("1", 0), STATUS_UNAVAILABLE);
    assert_string_equal(delivery_look(&delivery).id, "");
    assert_int_equal(delivery_deadline(&delivery).us, 10000000);
    delivery_expire(&delivery, at_ms(10000));
    assert_int_equal(network.room, 0);
    char made[TEMPORARY_PATH_SIZE];
    assert_int_equal(mkdir(temporary_path(&folder, "missing", made), 0700), 0);
    delivery_expire(&delivery, at_ms(20000));
    assert_int_equal(network.begun, 1);
    assert_int_equal(network.room, 1);
    assert_int_equal(append("1", 20001), STATUS_OK);
    assert_int_equal(network.count, 1);
}

// More than SQLite's cache holds, so that what is damaged is read from the file again.
static void append_a_megabyte(void)
{
    static struct message batch[100];
    for (int i = 0; i < 100; i++) {
        batch[i] = an_order("big");
        memset(batch[i].order.detail, 'd', sizeof batch[i].order.detail - 1);
    }
    for (int i = 0; i < 30; i++)
        assert_int_equal(delivery_append(&delivery, batch, 100, at_ms(i), NULL, at_ms(i)),
                         STATUS_OK);
}

static void damage_while_running_begins_a_new_outbox(void **state)
{
    (void)state;
    start("boot", 0);
    append_a_megabyte();
    delivery_fini(&delivery); // the WAL is now empty: what is damaged below is the database
    start("boot", 1000);
    char id[ID_SIZE], noise[4096];
    text_set(id, delivery_look(&delivery).id);
    FILE *file = fopen(path, "r+b");
    memset(noise, 0x5a, sizeof noise);
    assert_non_null(file);
    fseek(file, 0, SEEK_END);
    for (long size = ftell(file), at = 4096; at < size; at += 4096) {
        fseek(file, at, SEEK_SET);
        fwrite(noise, sizeof noise, 1, file);
    }
    fclose(file);
    delivery_connected(&delivery);
    delivery_pump(&delivery, at_ms(2000));
    while (network.begun == 0 && network.count > 0) { // through what the cache still knows
        uint64_t last = network.sent[network.count - 1].order.key.seq;
        network.count = 0;
        ack(last, 2000);
    }
    assert_int_equal(network.begun, 1);
    assert_string_not_equal(delivery_look(&delivery).id, id);
    delivery_expire(&delivery, at_ms(2000));
    assert_int_equal(network.room, 1); // what was refused meanwhile is asked for again
    network.count = 0;
    assert_int_equal(append("after", 9000), STATUS_OK);
    assert_int_equal(network.sent[0].order.key.seq, 1);
}

int main(void)
{
    log_set_level(LOG_LEVEL_ERROR);
#define DELIVERY_TEST(name) cmocka_unit_test_setup_teardown(name, make_folder, remove_folder)
    const struct CMUnitTest tests[] = {
        DELIVERY_TEST(an_event_goes_out_at_once_and_again_until_it_is_acked),
        DELIVERY_TEST(what_waited_while_disconnected_goes_out_in_order),
        DELIVERY_TEST(a_network_without_room_is_asked_again),
        DELIVERY_TEST(the_age_is_known_over_a_restart_and_unknown_over_a_boot),
        DELIVERY_TEST(foreign_acks_change_nothing),
        DELIVERY_TEST(without_an_outbox_it_is_tried_again_every_ten_seconds),
        DELIVERY_TEST(damage_while_running_begins_a_new_outbox),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
