// SPDX-License-Identifier: Apache-2.0
// The address of a broker: "mqtt://HOST[:PORT]" (1883) or "mqtts://HOST[:PORT]" (TLS, 8883); tcp://
// and ssl:// mean the same. HOST is a name, an IPv4 address or an IPv6 address in brackets.
//
// Ownership: plain values. Thread: any. Failure: STATUS_INVALID with a sentence that says what is
// wrong and what is expected.
#ifndef RUNTIME_MQTT_URL_H
#define RUNTIME_MQTT_URL_H

#include "base/status.h"

#include <stdbool.h>
#include <stdint.h>

enum { MQTT_HOST_SIZE = 256, MQTT_URL_SIZE = MQTT_HOST_SIZE + 24 };

struct mqtt_url {
    bool tls;
    bool ipv6;                 // an IPv6 address
    char host[MQTT_HOST_SIZE]; // without brackets
    uint16_t port;
};

// `ret_problem` may be NULL; it gets a static text, untouched on success.
MUST_CHECK enum status mqtt_url_parse(const char *url, struct mqtt_url *ret_url,
                                      const char **ret_problem);

// Writes "SCHEME://HOST:PORT" with the given scheme words, brackets where they belong.
const char *mqtt_url_format(const struct mqtt_url *url, const char *plain, const char *tls,
                            char out[MQTT_URL_SIZE]);

#endif
