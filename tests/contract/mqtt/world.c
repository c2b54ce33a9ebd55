// SPDX-License-Identifier: Apache-2.0
// What each test of the MQTT contract begins with.
#include "tests/contract/mqtt/world.h"

#include "tests/support/loop.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

int world_setup(void **state)
{
    struct world *world = calloc(1, sizeof *world);
    if (!world || uv_loop_init(&world->loop) != 0) {
        free(world);
        return -1;
    }
    *state = world;
    return 0;
}

int world_teardown(void **state)
{
    struct world *world = *state;
    bool finished = loop_finish(&world->loop);
    broker_free(world->broker);
    free(world);
    return finished ? 0 : -1;
}

void world_broker(struct world *world, const struct broker_options *options)
{
    static const struct broker_options DEFAULTS = {0};
    world->broker = broker_start(options ? options : &DEFAULTS);
    assert_non_null(world->broker);
}
