// SPDX-License-Identifier: Apache-2.0
// The engine's own state, shared by engine.c (stepping) and engine_views.c (looking). Nobody else
// includes this.
#ifndef COLLECTOR_CORE_ENGINE_STATE_H
#define COLLECTOR_CORE_ENGINE_STATE_H

#include "collector/core/delivery.h"
#include "collector/core/engine.h"
#include "collector/core/incident_book.h"

struct engine {
    struct engine_config config;
    struct instant now;
    struct fleet *fleet;
    struct diagnosis *diagnosis;
    struct incident_book *book;
    struct delivery *delivery;
    struct effect_list effects;
    struct engine_counters counters;
};

#endif
