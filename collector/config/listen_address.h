// SPDX-License-Identifier: Apache-2.0
// "HOST:PORT" as the setting http.listen has it: "127.0.0.1:8080", "[::1]:8080", ":8080".
//
// Ownership: caller's. Thread: any. Failure: a sentence on what is wrong, nothing written.
#ifndef COLLECTOR_CONFIG_LISTEN_ADDRESS_H
#define COLLECTOR_CONFIG_LISTEN_ADDRESS_H

#include "domain/ids.h"

#include <stdint.h>

struct listen_address {
    char host[NAME_SIZE]; // an IP address, brackets taken off; "" = every address
    uint16_t port;        // 0 = any free one
};

#define LISTEN_OFF "off"

// NULL when `text` is an address or "off"; with "off" nothing is written.
const char *listen_address_parse(const char *text, struct listen_address *ret_address);
// The same as a check of a setting.
const char *listen_address_problem(const char *text);

#endif
