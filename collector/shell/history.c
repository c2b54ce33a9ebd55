// SPDX-License-Identifier: Apache-2.0
// Open, remember, hand over to the thread.
#include "collector/shell/history.h"

#include "base/text.h"

enum { QUEUE_BYTES = 32 << 20 };

enum status history_open(uv_loop_t *loop, const struct store_setting *setting,
                         const struct store_writer_events *events, void *context,
                         struct store_writer **ret_writer, struct restore *ret_restore,
                         char problem[STORE_PROBLEM_SIZE])
{
    struct store_settings settings = {setting->path, setting->retention,
                                      setting->incidents_retention};
    struct store *store;
    text_copy(problem, STORE_PROBLEM_SIZE, "the store's thread cannot start: out of memory");
    enum status status = store_sqlite.open(&settings, &store, problem);
    if (status != STATUS_OK)
        return status;
    status = restore_init(ret_restore, store, problem);
    if (status != STATUS_OK)
        goto close_store;
    status = store_writer_open(loop, store, QUEUE_BYTES, events, context, ret_writer);
    if (status == STATUS_OK)
        return STATUS_OK;
    restore_fini(ret_restore);
close_store:
    store->backend->close(store);
    return status;
}
