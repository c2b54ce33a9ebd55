// SPDX-License-Identifier: Apache-2.0
// Messages and incidents for the tests of wire: one of each kind with every field set, and random
// ones that keep the contract's rules.
//
// Ownership: caller's structs. Thread: any. Failure: none.
#ifndef TEST_WIRE_SAMPLES_H
#define TEST_WIRE_SAMPLES_H

#include "base/random.h"
#include "domain/bus.h"
#include "domain/incident.h"
#include "domain/observation.h"

void sample_message(enum message_kind kind, struct message *ret);
void sample_incident(struct incident *ret);
void sample_site_status(struct site_status *ret);

// From STATIONWATCH_SEED or a fixed one; printed, so that a failure can be run again.
uint64_t sample_seed(void);
void random_message(struct random_state *random, enum message_kind kind, struct message *ret);
void random_incident(struct random_state *random, struct incident *ret);

#endif
