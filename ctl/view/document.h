// SPDX-License-Identifier: Apache-2.0
// Reading the collector's JSON documents for a view: what is absent reads as empty, never as an
// error, so that an older or newer collector can still be shown.
//
// Ownership: the caller frees what cJSON_Parse gave; texts live as long as it. Thread: one at a
// time. Failure: document_parse complains itself.
#ifndef CTL_VIEW_DOCUMENT_H
#define CTL_VIEW_DOCUMENT_H

#include "base/status.h"
#include "ctl/api/api.h"
#include "domain/incident.h"

#include <cjson/cJSON.h>

// GET and parse; with --json the document is printed instead and *ret_document is NULL.
MUST_CHECK enum status document_fetch(const struct arguments *arguments, const char *path,
                                      cJSON **ret_document);
// "" when absent or no text.
const char *document_text(const cJSON *object, const char *key);
// 0 when absent or no number.
double document_number(const cJSON *object, const char *key);
bool document_true(const cJSON *object, const char *key);
// WALL_UNKNOWN when absent or no time.
struct wall_time document_time(const cJSON *object, const char *key);
// One element of a list of incidents. False: it is none, which is complained about.
bool document_incident(const cJSON *element, struct incident *ret_incident);

#endif
