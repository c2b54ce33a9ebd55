// SPDX-License-Identifier: Apache-2.0
// The way into the past at start: the store opened, what it remembers taken out, its thread begun.
//
// Ownership: the caller's from then on: the writer (store_writer_close) and what is to be restored
// (restore_fini). Thread: the loop's. Failure: a sentence for the log in `problem`; nothing is left
// open.
#ifndef COLLECTOR_SHELL_HISTORY_H
#define COLLECTOR_SHELL_HISTORY_H

#include "collector/config/collector_config.h"
#include "collector/shell/restore.h"
#include "collector/shell/store_writer.h"

MUST_CHECK enum status history_open(uv_loop_t *loop, const struct store_setting *setting,
                                    const struct store_writer_events *events, void *context,
                                    struct store_writer **ret_writer, struct restore *ret_restore,
                                    char problem[STORE_PROBLEM_SIZE]);

#endif
