// SPDX-License-Identifier: Apache-2.0
// Paths cut at this platform's separators.
//
// Ownership: caller's buffers. Thread: any; pure. Failure: none; a path never grows.
#ifndef AGENT_PROBE_PATH_NAME_H
#define AGENT_PROBE_PATH_NAME_H

#include "domain/ids.h"

// The folder that `path` stands in: "/a/b" -> "/a", "/a" -> "/", "a" -> ".", "/" -> "/".
// `out` may be `path` itself.
void path_folder(const char *path, char out[TEXT_SIZE]);
// The last part: "/a/b" -> "b"; points into `path`.
const char *path_base(const char *path);

#endif
