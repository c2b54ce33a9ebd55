// SPDX-License-Identifier: Apache-2.0
// What faults do to the simulated world and undo at their end; the rows of fault_rows.c name them.
//
// Ownership: the world's state. Thread: one at a time. Failure: the world's status.
#ifndef SIM_TRACE_FAULT_DEEDS_H
#define SIM_TRACE_FAULT_DEEDS_H

#include "sim/trace/fault.h"

typedef void fault_deed(struct world *world, struct fault *fault);

// fault_of_server.c
fault_deed crash_service, stop_by_hand, start_service, hang_service, unhang_service, stop_feed,
    resume_feed, fill_disk, clear_disk, lose_share, refuse_share, return_share, server_dies,
    server_returns, service_is_started, go_down_as_planned, restart_step, no_end,
    failed_restart_step, read_oddly, read_well, forget_to_start, set_to_automatic, disk_fills,
    disk_is_cleared;

// fault_of_station.c
fault_deed cut_segment, mend_segment, cut_site, mend_site, broker_dies, broker_returns,
    broker_hangs, broker_wakes, collector_goes_blind, collector_sees, hold_product, release_product,
    carry_order, carry_on, break_version, roll_out, mend_version, unplug, plug, software_ends,
    software_starts, agent_crashes, power_fails, agent_returns, clone_appears, clones_fight,
    clone_leaves, clock_jumps, clock_is_set, certificate_ages, certificate_is_renewed;

#endif
