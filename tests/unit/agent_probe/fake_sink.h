// SPDX-License-Identifier: Apache-2.0
// A sink that remembers everything, can refuse, and keeps bookmarks; with the loop and the
// temporary folder that the tests of probes need.
#ifndef TESTS_AGENT_PROBE_FAKE_SINK_H
#define TESTS_AGENT_PROBE_FAKE_SINK_H

#include "agent/probe/probe.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

enum { FAKE_MESSAGES_MAX = 4096, FAKE_PATH_SIZE = TEXT_SIZE };

struct fake_sink {
    struct probe_sink sink;
    uv_loop_t loop;
    char folder[FAKE_PATH_SIZE]; // temporary, removed by fini
    bool refuses;                // append answers STATUS_FULL
    size_t appends, refusals;
    size_t count;
    struct message *messages;
    struct instant last_at;
    char bookmark_name[TEXT_SIZE + 8];
    char bookmark[BOOKMARK_VALUE_SIZE]; // "" = none
    size_t shares;
    enum outcome share;
    size_t service_calls;
    struct service_report service;
    size_t software_calls;
    bool software;
    size_t troubles;
    char trouble[TEXT_SIZE];
    bool closed;
};

void fake_sink_init(struct fake_sink *fake);
void fake_sink_fini(struct fake_sink *fake); // the loop has to be empty by then

// "FOLDER/name" in one of a few buffers, valid until the fourth next call.
const char *fake_path(struct fake_sink *fake, const char *name);

// Turns the loop until `done` says so; fails the test when that takes a minute.
void run_until(struct fake_sink *fake, bool (*done)(void *context), void *context);
void run_until_count(struct fake_sink *fake, size_t count);
// Two further turns of everything that is ready now.
void run_ready(struct fake_sink *fake);
void close_probe(struct fake_sink *fake, struct probe *probe);

void write_file(const char *path, const char *text);
void append_file(const char *path, const void *bytes, size_t count);

#endif
