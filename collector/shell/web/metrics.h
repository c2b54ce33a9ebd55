// SPDX-License-Identifier: Apache-2.0
// /metrics: the collector's numbers in Prometheus' text format.
//
// Ownership: writes into the caller's body. Thread: the loop's. Failure: the body's.
#ifndef COLLECTOR_SHELL_WEB_METRICS_H
#define COLLECTOR_SHELL_WEB_METRICS_H

#include "collector/shell/facts.h"
#include "collector/shell/web/body.h"
#include "collector/shell/web/web.h"

void metrics_write(struct body *body, const struct web_source *source, const struct facts *facts,
                   size_t live_readers);

#endif
