// SPDX-License-Identifier: Apache-2.0
// A listening local stream socket that only this machine's users of the right group reach.
//
// Ownership: the pipe is the caller's, initialised; it is closed by the caller also after a
// failure. Thread: the loop's. Failure: a status and a sentence in `problem`.
#ifndef AGENT_PROBE_LOCAL_SOCKET_H
#define AGENT_PROBE_LOCAL_SOCKET_H

#include "base/status.h"
#include "domain/ids.h"

#include <uv.h>

// Binds for user and group only. A socket left behind is replaced when nobody listens on it
// (STATUS_EXISTS: somebody does, or what stands there is no socket).
MUST_CHECK enum status local_socket_bind(uv_pipe_t *pipe, const char *path,
                                         char problem[TEXT_SIZE]);

#endif
