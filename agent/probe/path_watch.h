// SPDX-License-Identifier: Apache-2.0
// Notices of changes in a folder that may come and go: while it does not exist, the nearest folder
// above it is watched.
//
// Ownership: the watch frees itself after path_watch_close. Thread: the loop's. Failure: where the
// system refuses a notice (no more inotify watches), the watch says "changed" every few seconds
// until it gets one. Folders that other machines write to give no notices at all.
#ifndef AGENT_PROBE_PATH_WATCH_H
#define AGENT_PROBE_PATH_WATCH_H

#include "base/status.h"

#include <stdbool.h>
#include <uv.h>

struct path_watch;

// `changed` comes for anything in the folder, or when it appears or goes; look for yourself what.
MUST_CHECK enum status path_watch_open(uv_loop_t *loop, const char *folder,
                                       void (*changed)(void *context), void *context,
                                       struct path_watch **ret_watch);
// Whether the folder itself is there and watched.
bool path_watch_is_there(const struct path_watch *watch);
// `closed` comes later on the loop's thread; `changed` no more.
void path_watch_close(struct path_watch *watch, void (*closed)(void *context), void *context);

#endif
