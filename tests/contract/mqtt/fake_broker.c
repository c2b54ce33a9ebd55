// SPDX-License-Identifier: Apache-2.0
// A broker of a few hundred lines that speaks MQTT 3.1.1 only, or misbehaves on purpose.
#include "tests/contract/mqtt/fake_broker.h"

#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { CONNECT = 1, PUBLISH = 3, SUBSCRIBE = 8, PINGREQ = 12, DISCONNECT = 14 };

static void on_peer_closed(uv_handle_t *handle)
{
    ((struct fake_peer *)handle->data)->open = false;
}

static void close_peer(struct fake_peer *peer)
{
    if (peer->open && !uv_is_closing((uv_handle_t *)&peer->tcp))
        uv_close((uv_handle_t *)&peer->tcp, on_peer_closed);
}

static void send_bytes(struct fake_peer *peer, const void *bytes, size_t size)
{
    uv_buf_t buffer = uv_buf_init((char *)bytes, (unsigned)size);
    assert_int_equal(uv_try_write((uv_stream_t *)&peer->tcp, &buffer, 1), (int)size);
}

static void answer_connect(struct fake_peer *peer, const uint8_t *body)
{
    struct fake_broker *broker = peer->broker;
    uint8_t level = body[6]; // behind the length and "MQTT"
    assert_true(broker->connects < FAKE_LEVELS);
    broker->levels[broker->connects++] = level;
    if (broker->mute)
        return;
    if (broker->close_unanswered) {
        close_peer(peer);
        return;
    }
    if (level > 4 && broker->speaks_5) {
        send_bytes(peer, (const uint8_t[]){0x20, 3, 0, 0, 0}, 5);
        return;
    }
    uint8_t code = level > 4 ? 1 : broker->refuse_with;
    send_bytes(peer, (const uint8_t[]){0x20, 2, 0, code}, 4);
    if (code != 0)
        close_peer(peer);
}

// One granted QoS for each filter of the packet.
static void answer_subscribe(struct fake_peer *peer, const uint8_t *body, size_t size)
{
    uint8_t answer[64] = {0x90, 2, body[0], body[1]};
    const char *refuse = peer->broker->refuse_filter;
    peer->broker->subscribes++;
    if (peer->broker->ignore_subscription)
        return;
    for (size_t at = 2; at + 2 < size;) {
        size_t length = (size_t)body[at] << 8 | body[at + 1];
        const char *filter = (const char *)body + at + 2;
        bool refused = refuse && strlen(refuse) == length && memcmp(filter, refuse, length) == 0;
        answer[2 + answer[1]++] = refused ? 0x80 : body[at + 2 + length];
        at += 2 + length + 1;
    }
    send_bytes(peer, answer, (size_t)answer[1] + 2);
}

static void answer_publish(struct fake_peer *peer, uint8_t header, const uint8_t *body)
{
    peer->broker->publishes++;
    if (((header >> 1) & 3) == 0 || peer->broker->hold_acks)
        return;
    size_t topic = (size_t)body[0] << 8 | body[1];
    const uint8_t *id = body + 2 + topic;
    send_bytes(peer, (const uint8_t[]){0x40, 2, id[0], id[1]}, 4);
}

static void on_packet(struct fake_peer *peer, uint8_t header, const uint8_t *body, size_t size)
{
    switch (header >> 4) {
    case CONNECT:
        answer_connect(peer, body);
        break;
    case SUBSCRIBE:
        answer_subscribe(peer, body, size);
        break;
    case PUBLISH:
        answer_publish(peer, header, body);
        break;
    case PINGREQ:
        peer->broker->pings++;
        send_bytes(peer, (const uint8_t[]){0xd0, 0}, 2);
        break;
    case DISCONNECT:
        peer->broker->disconnects++;
        break;
    default:
        break;
    }
}

// The size of the first whole packet in the input, its body's start in *ret_body; 0 = none yet.
static size_t whole_packet(const struct fake_peer *peer, size_t *ret_body)
{
    size_t length = 0;
    for (size_t i = 1; i < 5 && i < peer->size; i++) {
        length |= (size_t)(peer->input[i] & 0x7f) << (7 * (i - 1));
        if (peer->input[i] & 0x80)
            continue;
        *ret_body = i + 1;
        return i + 1 + length <= peer->size ? i + 1 + length : 0;
    }
    return 0;
}

static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *buffer)
{
    struct fake_peer *peer = handle->data;
    (void)suggested;
    *buffer =
        uv_buf_init((char *)peer->input + peer->size, (unsigned)(FAKE_INPUT_SIZE - peer->size));
}

static void on_read(uv_stream_t *stream, ssize_t size, const uv_buf_t *buffer)
{
    struct fake_peer *peer = stream->data;
    (void)buffer;
    if (size < 0) {
        close_peer(peer);
        return;
    }
    peer->size += (size_t)size;
    size_t body = 0, whole;
    while (!uv_is_closing((uv_handle_t *)stream) && (whole = whole_packet(peer, &body)) > 0) {
        on_packet(peer, peer->input[0], peer->input + body, whole - body);
        peer->size -= whole;
        memmove(peer->input, peer->input + whole, peer->size);
    }
}

static void on_connection(uv_stream_t *listener, int status)
{
    struct fake_broker *broker = listener->data;
    assert_int_equal(status, 0);
    assert_true(broker->peer_count < FAKE_PEERS);
    struct fake_peer *peer = &broker->peers[broker->peer_count++];
    peer->broker = broker;
    peer->tcp.data = peer;
    uv_tcp_init(broker->loop, &peer->tcp);
    peer->open = true;
    assert_int_equal(uv_accept(listener, (uv_stream_t *)&peer->tcp), 0);
    uv_read_start((uv_stream_t *)&peer->tcp, on_alloc, on_read);
}

void fake_broker_open(struct fake_broker *broker, uv_loop_t *loop)
{
    memset(broker, 0, sizeof *broker);
    struct sockaddr_in address;
    int size = sizeof address;
    broker->loop = loop;
    broker->listener.data = broker;
    uv_tcp_init(loop, &broker->listener);
    broker->listener.data = broker;
    uv_ip4_addr("127.0.0.1", 0, &address);
    assert_int_equal(uv_tcp_bind(&broker->listener, (const struct sockaddr *)&address, 0), 0);
    assert_int_equal(uv_listen((uv_stream_t *)&broker->listener, 128, on_connection), 0);
    uv_tcp_getsockname(&broker->listener, (struct sockaddr *)&address, &size);
    snprintf(broker->url, sizeof broker->url, "mqtt://127.0.0.1:%u",
             (unsigned)ntohs(address.sin_port));
}

void fake_broker_drop(struct fake_broker *broker)
{
    for (size_t i = 0; i < broker->peer_count; i++)
        close_peer(&broker->peers[i]);
}

void fake_broker_close(struct fake_broker *broker)
{
    fake_broker_drop(broker);
    uv_close((uv_handle_t *)&broker->listener, NULL);
}

void fake_broker_send(struct fake_broker *broker, const void *bytes, size_t size)
{
    for (size_t i = broker->peer_count; i-- > 0;) {
        if (broker->peers[i].open) {
            send_bytes(&broker->peers[i], bytes, size);
            return;
        }
    }
    fail_msg("no client is connected to the fake broker");
}
