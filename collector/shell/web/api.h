// SPDX-License-Identifier: Apache-2.0
// The documents of the HTTP API as text: status, health, incidents.
//
// Ownership: writes into the caller's body. Thread: the loop's. Failure: the body's.
#ifndef COLLECTOR_SHELL_WEB_API_H
#define COLLECTOR_SHELL_WEB_API_H

#include "collector/shell/facts.h"
#include "collector/shell/web/body.h"
#include "collector/shell/web/web.h"

struct api_scratch; // for documents too large for a stack

MUST_CHECK enum status api_scratch_new(struct api_scratch **ret_scratch);
void api_scratch_free(struct api_scratch *scratch); // takes NULL

// The `_status` document with andon, stations, link, store and version added.
void api_status(struct body *body, const struct web_source *source, const struct facts *facts,
                struct instant now, struct api_scratch *scratch);
// False: not healthy, and the document says why.
bool api_health(struct body *body, const struct facts *facts);
bool api_ready(struct body *body, const struct facts *facts);

// {"incidents":[…]}: the open ones from the engine, then `closed`, objects with commas between.
void api_incidents(struct body *body, const struct engine *engine, const struct store_text *closed,
                   struct api_scratch *scratch);
void api_incident(struct body *body, const struct incident *incident, struct api_scratch *scratch);
void api_report(struct body *body, const char *site, const struct incident *incident,
                struct api_scratch *scratch);
// The report of an incident as the store has it. STATUS_INVALID when it cannot be read.
MUST_CHECK enum status api_stored_report(struct body *body, const char *site,
                                         const struct store_text *json,
                                         struct api_scratch *scratch);

#endif
