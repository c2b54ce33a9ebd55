// SPDX-License-Identifier: Apache-2.0
// Moves a file that can't be used out of the way instead of deleting it: somebody may want to look.
//
// Ownership: none. Thread: any. Failure: a status; what was not yet renamed keeps its name.
#ifndef AGENT_SHELL_SET_ASIDE_H
#define AGENT_SHELL_SET_ASIDE_H

#include "base/status.h"
#include "base/time.h"

enum { SET_ASIDE_PATH_SIZE = 512 };

// Renames PATH and each PATH + suffix that exists to PATH.aside-20241106T055200Z + suffix (with
// -2, -3 … behind the time if taken). `suffixes` ends with NULL and begins with "", the file
// itself. The new name of the file goes to `ret_name`.
MUST_CHECK enum status set_aside(const char *path, const char *const suffixes[],
                                 struct wall_time now, char ret_name[SET_ASIDE_PATH_SIZE]);

#endif
