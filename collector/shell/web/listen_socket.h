// SPDX-License-Identifier: Apache-2.0
// A listening TCP socket on a configured address.
//
// Ownership: *ret_socket is the caller's. Thread: any. Failure: a status and a sentence.
#ifndef COLLECTOR_SHELL_WEB_LISTEN_SOCKET_H
#define COLLECTOR_SHELL_WEB_LISTEN_SOCKET_H

#include "base/status.h"
#include "collector/config/listen_address.h"

MUST_CHECK enum status listen_socket_open(const struct listen_address *address, int *ret_socket,
                                          uint16_t *ret_port, char problem[TEXT_SIZE]);

#endif
