// SPDX-License-Identifier: Apache-2.0
// Why a connection failed, in a sentence for people.
#include "runtime/mqtt/paho_reason.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>

static const char *connack_text(int code)
{
    static const char *const TEXTS[] = {
        [1] = "the broker does not speak this version of MQTT",
        [2] = "the broker refuses the client id",
        [3] = "the broker is not available",
        [4] = "the broker refuses the user name or password",
        [5] = "the broker refuses this client: not authorized",
    };
    if (code > 0 && code < (int)(sizeof TEXTS / sizeof TEXTS[0]))
        return TEXTS[code];
    const char *text = MQTTReasonCode_toString((enum MQTTReasonCodes)code);
    return text ? text : "an unknown reason code";
}

// The library has one text for several failures; where it can't be told, the sentence names each.
static const struct {
    const char *message, *plain, *tls;
} TRANSPORT_TEXTS[] = {
    {"TCP connect timeout", "no answer within the connect timeout",
     "no answer within the connect timeout"},
    {"TCP connect completion failure",
     "closed by the broker before it answered; is it a port for MQTT without TLS?",
     "closed by the broker before it answered; it may not accept the client certificate"},
    {"TCP/TLS connect failure", "connection refused, or the host can't be reached",
     "connection refused or closed during the TLS handshake, or a certificate problem: the "
     "broker's is not for this host name, or it does not accept the client certificate"},
};

static const char *transport_text(const struct paho_attempt *attempt, const char *message)
{
    for (size_t i = 0; message && i < sizeof TRANSPORT_TEXTS / sizeof TRANSPORT_TEXTS[0]; i++) {
        if (strcmp(message, TRANSPORT_TEXTS[i].message) == 0)
            return attempt->url->tls ? TRANSPORT_TEXTS[i].tls : TRANSPORT_TEXTS[i].plain;
    }
    return "the host name can't be resolved, or the network is unreachable";
}

void paho_connect_reason(const struct paho_attempt *attempt, int code, const char *message,
                         char out[CROSSING_TEXT_SIZE])
{
    struct text text;
    char address[MQTT_URL_SIZE];
    text_init(&text, out, CROSSING_TEXT_SIZE);
    text_printf(&text, "%s: ", mqtt_url_format(attempt->url, "mqtt", "mqtts", address));
    if (code > 0)
        text_append(&text, connack_text(code));
    else if (attempt->detail[0] != '\0')
        text_printf(&text, "TLS: %s", attempt->detail);
    else
        text_append(&text, transport_text(attempt, message));
    if (strstr(attempt->detail, "certificate verify failed"))
        text_append(&text, " (the broker's certificate is expired, or not signed by the "
                           "certificate authority that is configured)");
}

void paho_lost_reason(const struct paho_attempt *attempt, char out[CROSSING_TEXT_SIZE])
{
    if (attempt->detail[0] != '\0')
        snprintf(out, CROSSING_TEXT_SIZE, "disconnected by the broker: %.200s", attempt->detail);
    else
        snprintf(out, CROSSING_TEXT_SIZE,
                 "connection lost: closed by the broker or the network, silent beyond the "
                 "keepalive of %u s, or another connects with the same client id, %.64s",
                 (unsigned)attempt->settings->keepalive_s, attempt->settings->client_id);
}

void paho_subscribe_reason(const char *filter, int code, char out[CROSSING_TEXT_SIZE])
{
    if (code < 0) {
        snprintf(out, CROSSING_TEXT_SIZE, "connection lost while subscribing");
        return;
    }
    const char *text = MQTTReasonCode_toString((enum MQTTReasonCodes)code);
    snprintf(out, CROSSING_TEXT_SIZE, "the broker refuses the subscription to %.120s: %s", filter,
             text ? text : "failure");
}

void paho_tls_reason(const char *line, size_t length, char out[CROSSING_TEXT_SIZE])
{
    enum { FIELDS_BEFORE_REASON = 4 }; // "error", code, library, function
    const char *end = line + length;
    const char *reason = NULL;
    for (const char *c = line; !reason && c + 6 <= end; c++) {
        if (memcmp(c, "error:", 6) == 0)
            reason = c;
    }
    for (int field = 0; reason && field < FIELDS_BEFORE_REASON; field++) {
        reason = memchr(reason, ':', (size_t)(end - reason));
        if (reason)
            reason++;
    }
    if (!reason)
        reason = line;
    const char *stop = memchr(reason, ':', (size_t)(end - reason));
    struct text text;
    text_init(&text, out, CROSSING_TEXT_SIZE);
    text_append_bytes(&text, reason, (size_t)((stop ? stop : end) - reason));
}
