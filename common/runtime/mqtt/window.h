// SPDX-License-Identifier: Apache-2.0
// The publishes in flight: a fixed number of slots, each known to the caller by its token and to
// the MQTT library by its address.
//
// A slot whose connection was lost is abandoned: its caller has been told, but the library may
// still hold it (it keeps what it had not yet written and sends it on the next connection), so the
// slot is free again only when the library lets go. Every waiting slot is told of exactly once.
//
// Ownership: the window owns its slots. Thread: the loop's; other threads may only read a slot's
// `owner` and `index`, which never change. Failure: NULL when every slot is taken.
#ifndef RUNTIME_MQTT_WINDOW_H
#define RUNTIME_MQTT_WINDOW_H

#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum window_state { WINDOW_FREE, WINDOW_WAITING, WINDOW_ABANDONED };

struct window_slot {
    void *owner; // as given to window_init
    uint32_t index;
    uint32_t next_free;
    enum window_state state;
    uint64_t token; // 0 = nobody wants to know
};

struct window {
    struct window_slot *slots;
    uint32_t capacity, first_free;
    uint32_t waiting; // slots whose caller has not been told yet
};

MUST_CHECK enum status window_init(struct window *window, uint32_t capacity, void *owner);
void window_fini(struct window *window);

struct window_slot *window_take(struct window *window, uint64_t token);
// The library has let go of the slot. True: it was waited for, and *ret_token is whose.
bool window_finish(struct window *window, uint32_t index, uint64_t *ret_token);
// Abandons the next waiting slot from *cursor (0 at first) on. False: none is left.
bool window_abandon_next(struct window *window, uint32_t *cursor, uint64_t *ret_token);

#endif
