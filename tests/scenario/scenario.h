// SPDX-License-Identifier: Apache-2.0
// The scenario language: a fleet, what happens to it, and what the collector's engine must make of
// it, in virtual time.
//
// A scenario is a text file tests/scenario/NAME.scn and by that the test `scenario/NAME`. One
// statement a line; `#` starts a comment; "quotes" hold a text with blanks together. Everything
// unexpected fails it, and everything expected that has not come by its time.
//
// TIMES   90s  500ms  1m30s  2h. A line may begin with
//     at TIME       this happens TIME after the start, which is 2024-11-06 05:00:00 UTC unless told
//     +TIME         this happens TIME after the line before
//   and happens together with the line before if it begins with neither.
//
// THE PLANT (before anything else, at 0)
//     fleet N stations [in S segments] [L lines] [A areas] [unlisted]
//         ETS-001 … with labels segment=S1 …, line=L1 … and area=A1 …, in blocks; unlisted: the
//         collector has no station list and learns labels from births
//     server NAME [without agent] [service NAME] [share NAME] [upstream TEXT]
//     traffic every TIME [retry TIME] | traffic off      each station fetches, as at every 90 s
//         within a fifth more or less; every order has an id of its own. retry: a station whose
//         fetch failed asks for the same order again after that time, until its next one
//     heartbeat every TIME                               1s unless told: long runs want a slow one
//     seed N                                             of phases and chances
//     start 2025-03-24T05:00:00Z                         when it is at 0
//     timezone UTC|CET                                   the site's; CET has its summer time
//     calendar AREA|all DAYS FROM TO                     a shift: calendar A1 mon-fri 06:00 14:00
//     holiday DATE                                       2025-12-25, or 2025-12-24..2025-12-31
//     setting annunciate_after|reopen_within|auto_close_after|restart_limit TIME
//     setting false_alarms_per_year NUMBER
//   Every node says birth and then a heartbeat a second (or as told), its phase by its number, and
//   probes the share every 10 s. A server's agent tells its service's state and an ORDER_OUTPUT
//   every 10 s.
//
// WHO   all | ETS-017 | ETS-001..ETS-040 | segment=S2 | line=L1 | area=A1 | server | NAME of a
//       server; `5 of WHO` or `20% of WHO` takes that many, evenly spread.
//
// WHAT HAPPENS
//     fetch WHO ok|missing|unreachable|denied|timeout|locked|invalid|stale [keeping P%]
//         how their fetches end from now on; P % still end well (orders prefetched before)
//     probe WHO OUTCOME                     how their share probes end from now on
//     order WHO ORDER OUTCOME [age TIME]    one fetch now, or one that is told late
//     repeat WHO                            the last order, service or host message again, same seq
//     lose WHO N                            the outbox drops N events that nobody has seen
//     silence WHO                           not a word any more, and no fetches: cut off or dead
//     heard WHO                             back: connects anew (birth) and goes on
//     goodbye WHO shutdown|suspend|agent_stop|upgrade       said, then silence
//     will WHO                              the broker publishes the last will of the session
//     boot WHO [planned|unexpected]         new boot id, birth, HOST_BOOTED, and on it goes
//     service running|stopped|start_pending|stop_pending|failed|not_installed
//         [reason TEXT] [exit_code N] [start_mode auto|auto_delayed|manual|disabled] [age TIME]
//     host shutdown_planned|shutdown_unexpected|suspended|resumed [reason TEXT]
//     output flows | output stops | output idle    [backlog N] [disk P%]
//         new orders are made all the time; none any more while requests wait (backlog 50 unless
//         told); none because none is asked for (backlog 0)
//     disk P% [falling P%] [of NAME]        room on the order disk; falling: so much less an hour
//     certificate WHO expires in TIME       they connect anew with one that is good so long
//     link down|up                          the collector's own link; agents keep what they have
//     broker down|up                        the same, and every node connects anew afterwards
//     collector down|up                     it ends, and starts again from its store
//     operator ack|unshelve|close INCIDENT [by NAME]
//     operator shelve INCIDENT for TIME [by NAME]
//     operator maintenance|maintenance_end COMPONENT [for TIME] [by NAME]
//     raw {"topic":…}                       a line of a trace without its "t"
//
// WHAT IS EXPECTED
//     expect opened|updated|resolved|closed [as INCIDENT] [within TIME] [told|untold]
//            [unordered|maybe] [FIELD OP VALUE]…        without blanks around OP
//         a transition of an incident, between the line's time and TIME (1s) later. Every opened,
//         resolved and closed and every one that people are told of needs such a line, in this
//         order (unordered: this line may be met out of its turn; maybe: or not at all); an update
//         that nobody is told of may have one. `as` names the incident at its opening and
//         recognises it later: it must be the same id. FIELD: code component state priority owner
//         headline cause why action affected confirmed total confidence alternative (a code)
//         ruled_out (a code) path (of a ruled_out) evidence (a kind) label (as line=L1:50). OP: =
//         != >= <= ~ (contains). A|B after = or != stands for either.
//     expect command ACTION [to WHO] [within TIME]      some command of that kind
//     expect gap NODE FROM TO [within TIME]             the outbox's loss is told, exactly so
//   and at the line's very time:
//     expect quiet                          no incident is open, the stack light is green
//     expect open N                         so many incidents are not closed
//     expect andon green|yellow|red
//     expect presence WHO unknown|on|off|presumed_off|silent|pending
//     expect counter NAME OP N              of engine_counters: expect counter duplicates>=3
//     end                                   the last line of every scenario
//
// Always checked besides: every event that an agent sent is recorded exactly once; acks never go
// back; texts that people need are there; scope.confirmed <= affected <= total; no id twice.
#ifndef SCENARIO_SCENARIO_H
#define SCENARIO_SCENARIO_H

#include "base/status.h"
#include "base/time.h"
#include "domain/ids.h"

#include <stddef.h>
#include <stdint.h>

enum { STATEMENT_WORDS_MAX = 32, SCRIPT_STATEMENTS_MAX = 1000 };

struct statement {
    uint32_t line;
    struct duration at; // after the start
    uint32_t word_count;
    char *words[STATEMENT_WORDS_MAX];
    const char *rest; // the text behind the first word, as written
};

struct script {
    const char *path;
    char *text; // the file, cut into words
    char *copy; // the file as written
    size_t count;
    struct statement *statements;
};

// Reads a file. STATUS_INVALID: `ret_problem` says ":LINE: what is wrong".
MUST_CHECK enum status script_read(const char *path, struct script *ret_script,
                                   char ret_problem[TEXT_SIZE]);
void script_fini(struct script *script);

// "1m30s". False: not a time.
bool script_time(const char *word, struct duration *ret);
// A number, also "20%" when `ret_percent` is not NULL. False: not a number.
bool script_number(const char *word, double *ret, bool *ret_percent);

#endif
