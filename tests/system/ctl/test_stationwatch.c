// SPDX-License-Identifier: Apache-2.0
// The command line as scripts use it: exit codes, errors with their place, recordings that replay.
#include "domain/observation.h"
#include "runtime/mqtt/mqtt.h"
#include "tests/support/broker.h"
#include "tests/support/loop.h"
#include "tests/support/process.h"
#include "tests/support/temporary.h"
#include "wire/codec.h"
#include "wire/topic.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { PATIENCE_MS = 30000, OUTPUT_SIZE = 262144 };

struct fixture {
    struct temporary folder;
    char output[OUTPUT_SIZE];
};

static int set_up(void **state)
{
    static struct fixture fixture;
    temporary_init(&fixture.folder);
    *state = &fixture;
    return 0;
}

static int tear_down(void **state)
{
    temporary_fini(&((struct fixture *)*state)->folder);
    return 0;
}

static void start(struct fixture *fixture, struct process *process, const char *const words[])
{
    char program[512], output[TEMPORARY_PATH_SIZE];
    const char *argv[16] = {program};
    const char *bin = getenv("STATIONWATCH_BIN");
    snprintf(program, sizeof program, "%s/stationwatch", bin != NULL ? bin : "build/debug/bin");
    for (size_t i = 0; words[i] != NULL && i < 14; i++)
        argv[i + 1] = words[i];
    temporary_write(&fixture->folder, "output", "", output); // it would be appended to
    assert_true(process_start(process, argv, NULL, output));
}

// Exit code of `stationwatch words…`; what it printed is in fixture->output.
static int run(struct fixture *fixture, const char *const words[])
{
    struct process process;
    start(fixture, &process, words);
    assert_true(process_wait(&process, PATIENCE_MS));
    temporary_read(&fixture->folder, "output", fixture->output, sizeof fixture->output);
    int code = process_exit_code(&process);
    process_fini(&process);
    return code;
}

static void expect_output(const struct fixture *fixture, const char *expected)
{
    if (strstr(fixture->output, expected) == NULL)
        fail_msg("'%s' is not in:\n%s", expected, fixture->output);
}

#define WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})

static void help_needs_no_collector(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(run(fixture, WORDS("--help")), 0);
    expect_output(fixture, "replay TRACE");
    assert_int_equal(run(fixture, WORDS("replay", "--help")), 0);
    expect_output(fixture, "--config FILE");
}

static void a_wrong_command_line_is_exit_code_2(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(run(fixture, WORDS("dance")), 2);
    expect_output(fixture, "there is no command 'dance'");
    assert_int_equal(run(fixture, WORDS("incident")), 2);
    assert_int_equal(run(fixture, WORDS("status", "--colour")), 2);
    assert_int_equal(run(fixture, WORDS("status", "--url", "nonsense")), 2);
    assert_int_equal(
        run(fixture, WORDS("record", "--broker", "mqtt://127.0.0.1:1", "--site", "a b")), 2);
}

static void a_collector_that_does_not_answer_is_exit_code_69(void **state)
{
    struct fixture *fixture = *state;
    char url[64];
    snprintf(url, sizeof url, "http://127.0.0.1:%u", free_port());
    static const char *const commands[] = {"status", "stations", "incidents", "why"};
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        assert_int_equal(run(fixture, WORDS(commands[i], "--url", url)), 69);
        expect_output(fixture, "no collector answers at http://127.0.0.1:");
    }
}

// ---- replay
// ---------------------------------------------------------------------------------------

static const char configuration[] =
    "site: plant\nservices:\n  - {server: SRV-01, name: OrderGeneration}\n";
static const char trace[] =
    "{\"t\":1730869200,\"topic\":\"stationwatch/v1/plant/SRV-01/"
    "birth\",\"message\":{\"online\":true,"
    "\"role\":\"ROLE_SERVER\",\"incarnation\":1,\"session\":1,\"outbox_id\":\"o1\","
    "\"outbox_oldest_seq\":1,\"heartbeat_interval_ms\":1000}}\n"
    "{\"t\":1730869200.100,\"topic\":\"stationwatch/v1/plant/SRV-01/service\",\"message\":"
    "{\"outbox_id\":\"o1\",\"seq\":1,\"at_ms\":1730869200099,\"service\":\"OrderGeneration\","
    "\"state\":\"SERVICE_STOPPED\"}}\n"
    "{\"t\":1730869201,\"topic\":\"stationwatch/v1/other/_andon\",\"payload_base64\":\"cmVk\"}\n"
    "{\"t\":1730869201,\"end\":true}\n";

static int replay(struct fixture *fixture, const char *text)
{
    char config[TEMPORARY_PATH_SIZE], path[TEMPORARY_PATH_SIZE];
    temporary_write(&fixture->folder, "collector.yaml", configuration, config);
    temporary_write(&fixture->folder, "trace.jsonl", text, path);
    return run(fixture, WORDS("replay", "--config", config, path));
}

static void replay_prints_the_same_bytes_each_time(void **state)
{
    struct fixture *fixture = *state;
    static char first[OUTPUT_SIZE];
    assert_int_equal(replay(fixture, trace), 0);
    expect_output(fixture,
                  "{\"t\":1730869200.100,\"transition\":\"opened\",\"annunciated\":false,");
    expect_output(fixture, "1 of 4 lines are of other sites");
    memcpy(first, fixture->output, sizeof first);
    assert_int_equal(replay(fixture, trace), 0);
    assert_string_equal(fixture->output, first);
}

static void replay_writes_the_post_mortem_of_the_latest_incident(void **state)
{
    struct fixture *fixture = *state;
    char config[TEMPORARY_PATH_SIZE], path[TEMPORARY_PATH_SIZE];
    temporary_write(&fixture->folder, "collector.yaml", configuration, config);
    temporary_write(&fixture->folder, "trace.jsonl", trace, path);
    assert_int_equal(run(fixture, WORDS("replay", "--config", config, "--report", "last", path)),
                     0);
    expect_output(fixture, "# Post-mortem plant-");
    expect_output(fixture, "ORDER_SERVICE_STOPPED");
    assert_int_equal(run(fixture, WORDS("replay", "--config", config, "--report", "none-7", path)),
                     1);
}

static void replay_names_file_and_line_of_an_error(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(replay(fixture, "{\"t\":2,\"link\":\"up\"}\n{\"t\":1,\"end\":true}\n"), 1);
    expect_output(fixture, "trace.jsonl:2: t goes back");
    assert_int_equal(replay(fixture, "{\"t\":2,\"link\":\"up\"}\n\nnonsense\n"), 1);
    expect_output(fixture, "trace.jsonl:3: ");
}

static void a_configuration_that_is_none_is_exit_code_78(void **state)
{
    struct fixture *fixture = *state;
    char config[TEMPORARY_PATH_SIZE];
    temporary_write(&fixture->folder, "collector.yaml", "site: plant\ncolour: red\n", config);
    assert_int_equal(run(fixture, WORDS("replay", "--config", config, "-")), 78);
    expect_output(fixture, "collector.yaml:2:");
}

// ---- record
// ---------------------------------------------------------------------------------------

struct speaker {
    struct mqtt_client *client;
    struct temporary *folder;
    const char *awaited;
    bool connected, closed;
    char recording[OUTPUT_SIZE];
};

static void on_connected(void *context, int protocol_version)
{
    (void)protocol_version;
    ((struct speaker *)context)->connected = true;
}

static void on_closed(void *context)
{
    ((struct speaker *)context)->closed = true;
}

static bool is_connected(void *context)
{
    return ((struct speaker *)context)->connected;
}

static bool is_closed(void *context)
{
    return ((struct speaker *)context)->closed;
}

// The file of the recording, looked at again whenever the loop turns.
static bool is_recorded(void *context)
{
    struct speaker *speaker = context;
    temporary_read(speaker->folder, "recording", speaker->recording, sizeof speaker->recording);
    return strstr(speaker->recording, speaker->awaited) != NULL;
}

static void on_tick(uv_timer_t *timer)
{
    (void)timer; // a turn of the loop
}

static void say(struct speaker *speaker, const char *node, enum message_kind kind,
                const void *payload, size_t size)
{
    char topic[TOPIC_SIZE];
    struct mqtt_message message = {.topic = topic_node(topic, "plant", node, kind),
                                   .payload = payload,
                                   .size = size,
                                   .qos = 1};
    assert_int_equal(mqtt_publish(speaker->client, &message, 0), STATUS_OK);
}

static void await(uv_loop_t *loop, struct speaker *speaker, const char *text)
{
    speaker->awaited = text;
    if (!loop_until(loop, is_recorded, speaker, PATIENCE_MS))
        fail_msg("'%s' was not recorded:\n%s", text, speaker->recording);
}

static void say_something(uv_loop_t *loop, struct speaker *speaker)
{
    struct message heartbeat = {.kind = MESSAGE_HEARTBEAT,
                                .heartbeat = {.incarnation = 7,
                                              .seq = 1,
                                              .interval_ms = 1000,
                                              .outbox_id = "o1",
                                              .outbox_oldest_seq = 1,
                                              .share_probe_age_ms = -1}};
    uint8_t bytes[WIRE_MESSAGE_MAX];
    size_t size;
    assert_int_equal(wire_encode(&heartbeat, bytes, sizeof bytes, &size), STATUS_OK);
    say(speaker, "ETS-001", MESSAGE_HEARTBEAT, bytes, size);
    say(speaker, "ETS-002", MESSAGE_HEARTBEAT, "\xff\xff", 2);
    await(loop, speaker, "ETS-002/heartbeat");
}

static void a_recording_has_link_messages_and_end_and_replays(void **state)
{
    struct fixture *fixture = *state;
    static const struct mqtt_events events = {.connected = on_connected};
    static struct speaker speaker;
    uv_loop_t loop;
    uv_timer_t tick;
    struct process recorder;
    char path[TEMPORARY_PATH_SIZE];
    speaker = (struct speaker){.folder = &fixture->folder};
    struct broker *broker = broker_start(&(struct broker_options){0});
    assert_non_null(broker);
    uv_loop_init(&loop);
    uv_timer_init(&loop, &tick);
    uv_timer_start(&tick, on_tick, 20, 20);
    temporary_path(&fixture->folder, "recording", path);
    start(fixture, &recorder,
          WORDS("record", "--broker", broker_url(broker), "--site", "plant", "--output", path));
    await(&loop, &speaker, "\"link\":\"up\"");
    struct mqtt_settings settings = {.url = broker_url(broker),
                                     .client_id = "speaker",
                                     .keepalive_s = 10,
                                     .connect_timeout = duration_s(5),
                                     .backoff_min = duration_ms(50),
                                     .backoff_max = duration_ms(500),
                                     .receive_queue_messages = 10,
                                     .send_window = 10};
    assert_int_equal(mqtt_paho.open(&loop, &settings, &events, &speaker, &speaker.client),
                     STATUS_OK);
    assert_true(loop_until(&loop, is_connected, &speaker, PATIENCE_MS));
    say_something(&loop, &speaker);
    broker_restart(broker);
    await(&loop, &speaker, "\"link\":\"down\"");
    process_signal(&recorder, SIGINT);
    assert_true(process_wait(&recorder, PATIENCE_MS));
    assert_int_equal(process_exit_code(&recorder), 0);
    await(&loop, &speaker, "\"end\":true}");
    assert_non_null(strstr(speaker.recording, "\"incarnation\":7"));
    assert_non_null(strstr(speaker.recording, "\"payload_base64\":\"//8=\""));
    assert_int_equal(replay(fixture, speaker.recording), 0);
    mqtt_close(speaker.client, on_closed, &speaker);
    assert_true(loop_until(&loop, is_closed, &speaker, PATIENCE_MS));
    uv_close((uv_handle_t *)&tick, NULL);
    assert_true(loop_finish(&loop));
    process_fini(&recorder);
    broker_free(broker);
}

static void a_recording_is_never_written_over(void **state)
{
    struct fixture *fixture = *state;
    char path[TEMPORARY_PATH_SIZE];
    temporary_write(&fixture->folder, "recording", "precious\n", path);
    assert_int_equal(run(fixture, WORDS("record", "--broker", "mqtt://127.0.0.1:1", "--site",
                                        "plant", "--output", path)),
                     69);
    expect_output(fixture, "exists already");
    temporary_read(&fixture->folder, "recording", fixture->output, sizeof fixture->output);
    assert_string_equal(fixture->output, "precious\n");
}

#define WITH_FIXTURE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    if (!broker_available())
        return 77;
    const struct CMUnitTest tests[] = {
        WITH_FIXTURE(help_needs_no_collector),
        WITH_FIXTURE(a_wrong_command_line_is_exit_code_2),
        WITH_FIXTURE(a_collector_that_does_not_answer_is_exit_code_69),
        WITH_FIXTURE(replay_prints_the_same_bytes_each_time),
        WITH_FIXTURE(replay_writes_the_post_mortem_of_the_latest_incident),
        WITH_FIXTURE(replay_names_file_and_line_of_an_error),
        WITH_FIXTURE(a_configuration_that_is_none_is_exit_code_78),
        WITH_FIXTURE(a_recording_has_link_messages_and_end_and_replays),
        WITH_FIXTURE(a_recording_is_never_written_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
