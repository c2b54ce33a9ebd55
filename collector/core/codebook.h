// SPDX-License-Identifier: Apache-2.0
// The codebook: every cause the diagnosis can name, one row of data each.
//
// A row says to what it applies, what it makes likely to be observed, how often it happens, and
// what people are told. Adding a cause is adding a row (and a scenario): no code asks for a row by
// name. Ownership: static data. Thread: any. Failure: none.
#ifndef COLLECTOR_CORE_CODEBOOK_H
#define COLLECTOR_CORE_CODEBOOK_H

#include "collector/core/symptom.h"
#include "domain/incident.h"

#include <stddef.h>

enum component_kind {
    COMPONENT_SERVICE,
    COMPONENT_SERVER,
    COMPONENT_SHARE,
    COMPONENT_STATION,
    COMPONENT_LABEL,   // label:KEY=VALUE, where stations stand: line, segment, area …
    COMPONENT_VERSION, // label:version=VALUE, what they run
    COMPONENT_PRODUCT, // of these two a fetch is part, not a station
    COMPONENT_ORDER,
    COMPONENT_BROKER,
    COMPONENT_COLLECTOR,
    COMPONENT_SITE,
    COMPONENT_KIND_COUNT
};

// What proves that a cause of this row is over.
enum recovery {
    RECOVERY_FETCHES,    // real fetches of the stations in scope
    RECOVERY_HEARTBEATS, // the silent are heard again for a while
    RECOVERY_LINK,       // the collector's link is up and nodes are heard
    RECOVERY_SIGN,       // its one sign has gone: the opposite is reported
    RECOVERY_RETURN      // the server is back, its services run, and what is asked for is made
};

// The path whose working rules this cause out.
enum proof {
    PROOF_NONE,
    PROOF_SHARE_ANSWERS,  // stations got answers from the share
    PROOF_STATIONS_HEARD, // heartbeats of the stations in scope
    PROOF_BUS,            // messages came through the broker
    PROOF_STATE,          // the server's agent reports the service running
    PROOF_OUTPUT,         // the order output says otherwise
    PROOF_DISK,           // the order disk has room
    PROOF_OTHER_ORDERS,   // other orders and products fail too
    PROOF_OTHER_VERSIONS, // stations with other software fail too
    PROOF_MANY_STATIONS   // too many stations at once for a fault of one
};

struct cause {
    const char *code;
    unsigned kinds; // bits 1 << enum component_kind
    // P(symptom | this cause at a component the observed node depends on). A channel with no entry
    // is as in health.
    double predicts[SYMPTOM_COUNT];
    bool spares_stations;  // no station is at risk by it now
    bool planned;          // on purpose: suppressed from the start, with a hard end
    bool unnamed;          // 'the cause is not known yet': the next observations may tell
    const char *foretells; // code of the fault that supersedes it, NULL = none
    enum symptom needs;    // never named without this sign; 0 = no such
    double per_year;       // prior rate for one component
    enum recovery recovery;
    enum proof ruled_out_by;
    enum priority priority;
    uint32_t respond_within_s;
    const char *owner;
    // Texts; "{name}" is the component's own name, "{server}" its server, "{upstream}" what feeds
    // it, "{affected}" and "{total}" stations, "{off}" for a label 'cut off' or 'switched off or
    // cut off', "{fact}" what is known of it in figures.
    const char *title, *headline, *cause, *consequence, *action;
};

extern const struct cause codebook[];
extern const size_t codebook_count;

// A fetch fails now and then without any fault of ours; a watched service, the link and a long
// silence never do: this alone is proof at any fleet's threshold.
#define CODEBOOK_NEVER 1e-18

// P(symptom | nothing is wrong).
extern const double codebook_health[SYMPTOM_COUNT];

// The row with this code for that kind of component, NULL if there is none.
const struct cause *codebook_find(const char *code, enum component_kind kind);

// P(symptom | cause), channels without entries filled from health; `cause` NULL = health.
double codebook_probability(const struct cause *cause, enum symptom symptom);

// True when the row has an opinion on the symptom's channel.
bool codebook_speaks_of(const struct cause *cause, enum symptom symptom);

// True when the symptom is a sign of this cause: one in twenty of its observations or more, and
// likelier than in health.
bool codebook_expects(const struct cause *cause, enum symptom symptom);

// The one symptom of a cause that has a single channel, as RECOVERY_SIGN demands.
enum symptom codebook_sign(const struct cause *cause);

// "service", "server", "label" … as components are spelled.
const char *component_kind_name(enum component_kind kind);

#endif
