// SPDX-License-Identifier: Apache-2.0
// The post-mortem of one incident as Markdown: pure, deterministic, every line backed by the
// record.
//
// Ownership: writes into the caller's text. Thread: any. Failure: a text too small is cut and says
// so by its `truncated`.
#ifndef COLLECTOR_CORE_REPORT_H
#define COLLECTOR_CORE_REPORT_H

#include "base/text.h"
#include "domain/incident.h"

enum { REPORT_MAX_BYTES = 65536 };

// `site` names the plant; `utc_offset_minutes` is the site's, for the times shown.
void report_write(struct text *out, const char *site, int utc_offset_minutes,
                  const struct incident *incident);

#endif
