// SPDX-License-Identifier: Apache-2.0
// The report socket: good and bad lines, its mode, stale sockets, and clients that misbehave.
#include "fake_sink.h"

#include "agent/probe/report.h"
#include "agent/probe/report_client.h"
#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

struct fixture {
    struct fake_sink fake;
    struct report_settings settings;
    struct probe *probe;
};

// The other end, non-blocking; the loop of the test drives both.
struct peer {
    struct fixture *fixture;
    int file;
    char heard[8192];
    size_t length;
    bool hung_up;
    size_t lines_wanted;
};

static void open_report(struct fixture *fixture)
{
    char problem[TEXT_SIZE] = "";
    if (report_open(&fixture->fake.loop, &fixture->settings, &fixture->fake.sink, &fixture->probe,
                    problem) != STATUS_OK)
        fail_msg("%s", problem);
}

static int setup(void **state)
{
    struct fixture *fixture = calloc(1, sizeof(*fixture));
    assert_non_null(fixture);
    fake_sink_init(&fixture->fake);
    text_set(fixture->settings.socket, fake_path(&fixture->fake, "report.sock"));
    open_report(fixture);
    *state = fixture;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;
    if (fixture->probe != NULL)
        close_probe(&fixture->fake, fixture->probe);
    fake_sink_fini(&fixture->fake);
    free(fixture);
    return 0;
}

static void connect_peer(struct fixture *fixture, struct peer *peer)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    memset(peer, 0, sizeof(*peer));
    peer->fixture = fixture;
    assert_true(text_set(address.sun_path, fixture->settings.socket));
    peer->file = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    assert_true(peer->file >= 0);
    assert_int_equal(connect(peer->file, (const struct sockaddr *)&address, sizeof(address)), 0);
}

static void say(struct peer *peer, const char *text)
{
    assert_int_equal(send(peer->file, text, strlen(text), MSG_NOSIGNAL), strlen(text));
}

// Takes everything that has arrived.
static void hear(struct peer *peer)
{
    ssize_t count;
    do {
        size_t room = sizeof(peer->heard) - 1 - peer->length;
        count = recv(peer->file, peer->heard + peer->length, room, 0);
        if (count > 0)
            peer->length += (size_t)count;
        peer->heard[peer->length] = '\0';
    } while (count > 0);
    if (count == 0 || errno != EAGAIN)
        peer->hung_up = true;
}

static bool has_lines(void *context)
{
    struct peer *peer = context;
    size_t lines = 0;
    hear(peer);
    for (const char *at = peer->heard; (at = strchr(at, '\n')) != NULL; at++)
        lines++;
    return lines >= peer->lines_wanted;
}

static bool has_hung_up(void *context)
{
    struct peer *peer = context;
    hear(peer);
    return peer->hung_up;
}

static void expect_answers(struct peer *peer, size_t lines)
{
    peer->lines_wanted = lines;
    run_until(&peer->fixture->fake, has_lines, peer);
}

#define GOOD "{\"order\":\"4711-1\",\"product\":\"W213\",\"outcome\":\"OUTCOME_MISSING\"}\n"

static void a_report_is_accepted_when_it_is_on_disk(void **state)
{
    struct fixture *fixture = *state;
    struct peer peer;
    connect_peer(fixture, &peer);
    say(&peer, GOOD);
    expect_answers(&peer, 1);
    assert_string_equal(peer.heard, "ok\n");
    assert_int_equal(fixture->fake.count, 1);
    const struct order_fetch *fetch = &fixture->fake.messages[0].order;
    assert_int_equal(fixture->fake.messages[0].kind, MESSAGE_ORDER);
    assert_string_equal(fetch->order, "4711-1");
    assert_string_equal(fetch->product, "W213");
    assert_int_equal(fetch->outcome, OUTCOME_MISSING);
    assert_int_equal(fetch->source, SOURCE_API);
    assert_int_equal(fetch->latency_ms, -1);
    assert_true(fetch->key.at_ms > 0);
    close(peer.file);
}

static void a_refused_report_is_not_acknowledged(void **state)
{
    struct fixture *fixture = *state;
    struct peer peer;
    connect_peer(fixture, &peer);
    fixture->fake.refuses = true;
    say(&peer, GOOD);
    expect_answers(&peer, 1);
    assert_memory_equal(peer.heard, "error: ", 7);
    assert_int_equal(fixture->fake.count, 0);
    fixture->fake.refuses = false;
    say(&peer, GOOD);
    expect_answers(&peer, 2);
    assert_int_equal(fixture->fake.count, 1);
    close(peer.file);
}

static void bad_lines_get_an_error_each_and_good_ones_between_them_count(void **state)
{
    struct fixture *fixture = *state;
    struct peer peer;
    connect_peer(fixture, &peer);
    say(&peer, "\n"
               "hello\n"
               "{\"order\":\"1\"}\n" GOOD "{\"outcome\":\"OUTCOME_OK\"}\n"
               "{\"order\":\"1\",\"outcome\":\"OUTCOME_NICE\"}\n"
               "{\"order\":\"\xFF\",\"outcome\":\"OUTCOME_OK\"}\n"
               "{\"order\":\"1\",\"outcome\":\"OUTCOME_OK\",\"latency_ms\":-7}\n"
               "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\n" GOOD);
    expect_answers(&peer, 10);
    assert_int_equal(fixture->fake.count, 2);
    assert_int_equal(report_counters(fixture->probe).accepted, 2);
    assert_int_equal(report_counters(fixture->probe).refused, 8);
    assert_non_null(strstr(peer.heard, "\"outcome\" is missing"));
    assert_non_null(strstr(peer.heard, "\"order\" is missing"));
    close(peer.file);
}

static void a_line_may_come_in_pieces(void **state)
{
    struct fixture *fixture = *state;
    struct peer peer;
    connect_peer(fixture, &peer);
    for (const char *at = GOOD GOOD; *at != '\0'; at++) {
        assert_int_equal(send(peer.file, at, 1, MSG_NOSIGNAL), 1);
        run_ready(&fixture->fake);
    }
    expect_answers(&peer, 2);
    assert_string_equal(peer.heard, "ok\nok\n");
    close(peer.file);
}

static void an_endless_line_ends_the_connection(void **state)
{
    struct fixture *fixture = *state;
    struct peer peer;
    char line[REPORT_LINE_MAX + 1];
    connect_peer(fixture, &peer);
    memset(line, 'x', sizeof(line));
    line[sizeof(line) - 1] = '\0';
    say(&peer, line);
    run_until(&fixture->fake, has_hung_up, &peer);
    assert_string_equal(peer.heard, "error: the line is too long\n");
    close(peer.file);
}

static void half_a_line_has_to_be_finished_in_time(void **state)
{
    struct fixture *fixture = *state;
    struct peer peer, idle;
    connect_peer(fixture, &idle);
    connect_peer(fixture, &peer);
    say(&peer, "{\"order\"");
    run_until(&fixture->fake, has_hung_up, &peer);
    assert_int_equal(report_counters(fixture->probe).dropped, 1);
    // A client without anything begun may stay.
    say(&idle, GOOD);
    expect_answers(&idle, 1);
    close(peer.file);
    close(idle.file);
}

static bool is_dropped(void *context)
{
    return report_counters(((struct fixture *)context)->probe).dropped > 0;
}

static void a_client_that_takes_no_answers_is_dropped_and_disturbs_nobody(void **state)
{
    struct fixture *fixture = *state;
    struct peer deaf, good;
    int small = 1;
    connect_peer(fixture, &deaf);
    setsockopt(deaf.file, SOL_SOCKET, SO_RCVBUF, &small, sizeof(small));
    // Refused lines, so that nothing is stored; until both socket buffers are full.
    while (send(deaf.file, "x\nx\nx\nx\nx\nx\nx\nx\n", 16, MSG_NOSIGNAL) > 0 ||
           report_counters(fixture->probe).refused < 100)
        run_ready(&fixture->fake);
    connect_peer(fixture, &good);
    say(&good, GOOD);
    expect_answers(&good, 1);
    assert_string_equal(good.heard, "ok\n");
    // It goes on sending, and never reads.
    while (!is_dropped(fixture)) {
        uv_run(&fixture->fake.loop, UV_RUN_ONCE);
        if (send(deaf.file, "x\n", 2, MSG_NOSIGNAL) < 0 && errno == EPIPE)
            break;
    }
    assert_int_equal(report_counters(fixture->probe).dropped, 1);
    close(deaf.file);
    close(good.file);
}

static void a_further_client_takes_the_place_of_the_one_silent_longest(void **state)
{
    struct fixture *fixture = *state;
    struct peer *peers = calloc(REPORT_CLIENTS_MAX + 2, sizeof(*peers));
    assert_non_null(peers);
    for (int i = 0; i < REPORT_CLIENTS_MAX; i++) {
        connect_peer(fixture, &peers[i]);
        say(&peers[i], GOOD);
        expect_answers(&peers[i], 1);
    }
    say(&peers[0], GOOD);
    expect_answers(&peers[0], 2);
    // The one that asks is let in by trying again: its place is only just being cleared.
    connect_peer(fixture, &peers[REPORT_CLIENTS_MAX]);
    run_until(&fixture->fake, has_hung_up, &peers[1]);
    connect_peer(fixture, &peers[REPORT_CLIENTS_MAX + 1]);
    say(&peers[REPORT_CLIENTS_MAX + 1], GOOD);
    expect_answers(&peers[REPORT_CLIENTS_MAX + 1], 1);
    say(&peers[0], GOOD);
    expect_answers(&peers[0], 3);
    for (int i = 0; i < REPORT_CLIENTS_MAX + 2; i++)
        close(peers[i].file);
    free(peers);
}

static void only_user_and_group_may_write(void **state)
{
    struct fixture *fixture = *state;
    struct stat facts;
    assert_int_equal(stat(fixture->settings.socket, &facts), 0);
    assert_int_equal(facts.st_mode & 0777, 0660);
}

static void a_socket_in_use_is_not_taken_and_a_stale_one_is(void **state)
{
    struct fixture *fixture = *state;
    char problem[TEXT_SIZE] = "";
    struct probe *second = NULL;
    assert_int_equal(
        report_open(&fixture->fake.loop, &fixture->settings, &fixture->fake.sink, &second, problem),
        STATUS_EXISTS);
    assert_non_null(strstr(problem, "another program listens"));
    close_probe(&fixture->fake, fixture->probe);
    // As a killed agent leaves it: bound, nobody listening.
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    text_set(address.sun_path, fixture->settings.socket);
    int file = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_int_equal(bind(file, (const struct sockaddr *)&address, sizeof(address)), 0);
    close(file);
    open_report(fixture);
}

static void a_file_that_is_no_socket_is_left_alone(void **state)
{
    struct fixture *fixture = *state;
    char problem[TEXT_SIZE] = "";
    struct probe *second = NULL;
    struct report_settings settings;
    text_set(settings.socket, fake_path(&fixture->fake, "precious"));
    write_file(settings.socket, "x");
    assert_int_equal(
        report_open(&fixture->fake.loop, &settings, &fixture->fake.sink, &second, problem),
        STATUS_EXISTS);
    assert_int_equal(access(settings.socket, F_OK), 0);
    text_set(settings.socket, fake_path(&fixture->fake, "no/such/folder"));
    assert_int_equal(
        report_open(&fixture->fake.loop, &settings, &fixture->fake.sink, &second, problem),
        STATUS_NOT_FOUND);
    memset(settings.socket, 'x', 200);
    settings.socket[200] = '\0';
    assert_int_equal(
        report_open(&fixture->fake.loop, &settings, &fixture->fake.sink, &second, problem),
        STATUS_INVALID);
    assert_null(second);
}

struct sending {
    struct fixture *fixture;
    struct order_fetch fetch;
    struct duration deadline;
    enum status status;
    char sentence[TEXT_SIZE];
    bool done;
};

static void send_in_thread(uv_work_t *work)
{
    struct sending *sending = work->data;
    sending->status = report_send(sending->fixture->settings.socket, &sending->fetch,
                                  sending->deadline, sending->sentence);
}

static void on_sent(uv_work_t *work, int status)
{
    (void)status;
    struct sending *sending = work->data;
    sending->done = true;
}

static bool is_sent(void *context)
{
    return ((struct sending *)context)->done;
}

// The client blocks, so it has a thread of its own here as it has a process of its own in life.
static void run_client(struct fixture *fixture, struct sending *sending)
{
    uv_work_t work = {.data = sending};
    sending->fixture = fixture;
    assert_int_equal(uv_queue_work(&fixture->fake.loop, &work, send_in_thread, on_sent), 0);
    run_until(&fixture->fake, is_sent, sending);
}

static void the_client_reports_and_hears_the_agents_word(void **state)
{
    struct fixture *fixture = *state;
    struct sending good = {
        .deadline = duration_s(30),
        .fetch = {.order = "4711 \"x\"\n", .outcome = OUTCOME_LOCKED, .latency_ms = 12}};
    run_client(fixture, &good);
    assert_int_equal(good.status, STATUS_OK);
    assert_string_equal(fixture->fake.messages[0].order.order, "4711 \"x\"\n");
    assert_int_equal(fixture->fake.messages[0].order.latency_ms, 12);
    struct sending bad = {.deadline = duration_s(30), .fetch = {.order = "4711"}};
    run_client(fixture, &bad);
    assert_int_equal(bad.status, STATUS_INVALID);
    assert_non_null(strstr(bad.sentence, "\"outcome\" is missing"));
}

static void the_client_says_when_nobody_listens_or_answers(void **state)
{
    struct fixture *fixture = *state;
    struct order_fetch fetch = {.order = "1", .outcome = OUTCOME_OK};
    char sentence[TEXT_SIZE] = "";
    // The loop stands still here: the agent is there, and does not answer.
    assert_int_equal(report_send(fixture->settings.socket, &fetch, duration_ms(10), sentence),
                     STATUS_TIMEOUT);
    close_probe(&fixture->fake, fixture->probe);
    fixture->probe = NULL;
    assert_int_equal(report_send(fixture->settings.socket, &fetch, duration_s(5), sentence),
                     STATUS_UNAVAILABLE);
    assert_non_null(strstr(sentence, "no agent listens"));
}

int main(void)
{
    (void)signal(SIGPIPE, SIG_IGN); // as the agent does
#define WITH_REPORT(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
    const struct CMUnitTest tests[] = {
        WITH_REPORT(a_report_is_accepted_when_it_is_on_disk),
        WITH_REPORT(a_refused_report_is_not_acknowledged),
        WITH_REPORT(bad_lines_get_an_error_each_and_good_ones_between_them_count),
        WITH_REPORT(a_line_may_come_in_pieces),
        WITH_REPORT(an_endless_line_ends_the_connection),
        WITH_REPORT(half_a_line_has_to_be_finished_in_time),
        WITH_REPORT(a_client_that_takes_no_answers_is_dropped_and_disturbs_nobody),
        WITH_REPORT(a_further_client_takes_the_place_of_the_one_silent_longest),
        WITH_REPORT(only_user_and_group_may_write),
        WITH_REPORT(a_socket_in_use_is_not_taken_and_a_stale_one_is),
        WITH_REPORT(a_file_that_is_no_socket_is_left_alone),
        WITH_REPORT(the_client_reports_and_hears_the_agents_word),
        WITH_REPORT(the_client_says_when_nobody_listens_or_answers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
