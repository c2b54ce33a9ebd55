// SPDX-License-Identifier: Apache-2.0
// What each test of the MQTT contract begins with: a loop, and a real broker where it wants one.
//
// Ownership: world_teardown frees all and fails the test if a handle was left open. Thread: the
// main one. Failure: the running test fails.
#ifndef TESTS_CONTRACT_MQTT_WORLD_H
#define TESTS_CONTRACT_MQTT_WORLD_H

#include "tests/support/broker.h"

#include <uv.h>

struct world {
    uv_loop_t loop;
    struct broker *broker; // NULL until world_broker
};

// cmocka's set-up and tear-down; *state is the struct world.
int world_setup(void **state);
int world_teardown(void **state);

// Starts the test's broker.
void world_broker(struct world *world, const struct broker_options *options);

#endif
