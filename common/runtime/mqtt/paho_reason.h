// SPDX-License-Identifier: Apache-2.0
// Why a connection failed, in a sentence for people, from what paho.mqtt.c tells.
//
// Ownership: the caller's buffer. Thread: any. Failure: none.
#ifndef RUNTIME_MQTT_PAHO_REASON_H
#define RUNTIME_MQTT_PAHO_REASON_H

#include "runtime/mqtt/paho_calls.h"

enum { CONNACK_BAD_PROTOCOL = 1, CONNACK_UNSUPPORTED_PROTOCOL = 0x84 };

// `code` and `message` as the library's failure callback gives them; message may be NULL.
void paho_connect_reason(const struct paho_attempt *attempt, int code, const char *message,
                         char out[CROSSING_TEXT_SIZE]);
void paho_lost_reason(const struct paho_attempt *attempt, char out[CROSSING_TEXT_SIZE]);
// The broker's answer `code` to the subscription to `filter`; below 0 the library's own.
void paho_subscribe_reason(const char *filter, int code, char out[CROSSING_TEXT_SIZE]);

// The reason out of one line of OpenSSL's error queue, "…:error:code:library:function:reason:…".
void paho_tls_reason(const char *line, size_t length, char out[CROSSING_TEXT_SIZE]);

#endif
