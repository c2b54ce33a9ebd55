// SPDX-License-Identifier: Apache-2.0
// The ways in which causes come about, a row each.
#include "sim/trace/fault_deeds.h"

static const struct row_rival of_stopped[] = {
    {"ORDER_SERVICE_HUNG", SPELLED_SERVICE, SPLITS_BY_AGENT},
    {"ORDER_FEED_STOPPED", SPELLED_SERVICE, SPLITS_BY_AGENT},
    {"ORDER_DISK_FULL", SPELLED_SERVER, SPLITS_BY_AGENT},
    {0}};
static const struct row_rival of_boot[] = {{"SERVER_DOWN", SPELLED_SERVER, SPLITS_BY_AGENT}, {0}};
static const struct row_rival of_hung[] = {
    {"ORDER_SERVICE_STOPPED", SPELLED_SERVICE, SPLITS_BY_AGENT},
    {"ORDER_FEED_STOPPED", SPELLED_SERVICE, SPLITS_BY_OUTPUT},
    {"ORDER_DISK_FULL", SPELLED_SERVER, SPLITS_BY_OUTPUT},
    {0}};
static const struct row_rival of_feed[] = {
    {"ORDER_SERVICE_STOPPED", SPELLED_SERVICE, SPLITS_BY_AGENT},
    {"ORDER_SERVICE_HUNG", SPELLED_SERVICE, SPLITS_BY_OUTPUT},
    {"ORDER_DISK_FULL", SPELLED_SERVER, SPLITS_BY_OUTPUT},
    {0}};
static const struct row_rival of_disk[] = {
    {"ORDER_SERVICE_STOPPED", SPELLED_SERVICE, SPLITS_BY_AGENT},
    {"ORDER_SERVICE_HUNG", SPELLED_SERVICE, SPLITS_BY_OUTPUT},
    {"ORDER_FEED_STOPPED", SPELLED_SERVICE, SPLITS_BY_OUTPUT},
    {0}};
static const struct row_rival of_share[] = {{"SERVER_DOWN", SPELLED_SERVER, SPLITS_BY_SILENCE},
                                            {0}};
static const struct row_rival of_server[] = {{"ORDER_SHARE_DOWN", SPELLED_SHARE, SPLITS_BY_SILENCE},
                                             {0}};
static const struct row_rival of_site[] = {{"BROKER_DOWN", SPELLED_BROKER, SPLITS_BY_WILLS},
                                           {"COLLECTOR_BLIND", SPELLED_COLLECTOR, SPLITS_BY_WILLS},
                                           {0}};
static const struct row_rival of_broker[] = {{"COLLECTOR_BLIND", SPELLED_COLLECTOR, SPLITS_NEVER},
                                             {0}};
static const struct row_rival of_mute[] = {{"COLLECTOR_BLIND", SPELLED_COLLECTOR, SPLITS_NEVER},
                                           {"SITE_NETWORK_DOWN", SPELLED_SITE, SPLITS_NEVER},
                                           {0}};
static const struct row_rival of_collector[] = {{"BROKER_DOWN", SPELLED_BROKER, SPLITS_NEVER}, {0}};

enum {
    BOOT = FAULT_NEEDS_AGENT | FAULT_NEEDS_OUTPUT | FAULT_STEADY | FAULT_LONG,
    MODE = FAULT_NEEDS_AGENT | FAULT_LATENT | FAULT_STEADY,
    ROLLED = FAULT_LONG | FAULT_MANY,
};

// Short, so that a row stays a line or two: what it strikes and how it is spelled.
#define SERVICE STRIKES_SERVER, SPELLED_SERVICE
#define SERVER  STRIKES_SERVER, SPELLED_SERVER
#define SHARE   STRIKES_SERVER, SPELLED_SHARE
#define STATION STRIKES_STATION, SPELLED_STATION
#define SITE    STRIKES_NOTHING, SPELLED_SITE

// code, manner, strikes, spelled, flags, begin, end, step, rivals
const struct fault_row fault_rows[] = {
    {"ORDER_SERVICE_STOPPED", "crashed", SERVICE, 0, crash_service, start_service, NULL,
     of_stopped},
    {"ORDER_SERVICE_STOPPED", "stopped by hand", SERVICE, 0, stop_by_hand, start_service, NULL,
     of_stopped},
    {"ORDER_SERVICE_STOPPED", "reboot, start manual", SERVICE, BOOT, go_down_as_planned,
     start_service, failed_restart_step, of_boot},
    {"ORDER_SERVICE_STOPPED", "reboot, start disabled", SERVICE, BOOT, go_down_as_planned,
     start_service, failed_restart_step, of_boot},
    {"ORDER_SERVICE_STOPPED", "reboot, never tried", SERVICE, BOOT, go_down_as_planned,
     start_service, failed_restart_step, of_boot},
    {"ORDER_SERVICE_STOPPED", "reboot, start timed out", SERVICE, BOOT, go_down_as_planned,
     start_service, failed_restart_step, of_boot},
    {"ORDER_SERVICE_STOPPED", "reboot, logon failed", SERVICE, BOOT, go_down_as_planned,
     start_service, failed_restart_step, of_boot},
    {"ORDER_SERVICE_STOPPED", "reboot, dependency failed", SERVICE, BOOT, go_down_as_planned,
     start_service, failed_restart_step, of_boot},
    {"ORDER_SERVICE_HUNG", "", SERVICE, 0, hang_service, unhang_service, NULL, of_hung},
    {"ORDER_FEED_STOPPED", "", SERVICE, 0, stop_feed, resume_feed, NULL, of_feed},
    {"ORDER_SHARE_DOWN", "", SHARE, 0, lose_share, return_share, NULL, of_share},
    {"ORDER_SHARE_DENIED", "", SHARE, 0, refuse_share, return_share, NULL, NULL},
    {"ORDER_DISK_FULL", "", SERVER, 0, fill_disk, clear_disk, NULL, of_disk},
    {"SERVER_DOWN", "", SERVER, FAULT_STEADY, server_dies, server_returns, service_is_started,
     of_server},
    {"SERVER_RESTARTING", "", SERVER, FAULT_NEEDS_AGENT | FAULT_QUIET | FAULT_STEADY,
     go_down_as_planned, no_end, restart_step, NULL},
    {"SEGMENT_DOWN", "", STRIKES_SEGMENT, SPELLED_SEGMENT, FAULT_SILENCE, cut_segment, mend_segment,
     NULL, NULL},
    {"SITE_NETWORK_DOWN", "servers too", SITE, FAULT_SILENCE, cut_site, mend_site, NULL, of_site},
    {"SITE_NETWORK_DOWN", "stations only", SITE, FAULT_SILENCE, cut_site, mend_site, NULL, of_site},
    {"BROKER_DOWN", "died", STRIKES_NOTHING, SPELLED_BROKER, FAULT_SILENCE, broker_dies,
     broker_returns, NULL, of_broker},
    {"BROKER_DOWN", "hangs", STRIKES_NOTHING, SPELLED_BROKER, FAULT_SILENCE, broker_hangs,
     broker_wakes, NULL, of_mute},
    {"COLLECTOR_BLIND", "", STRIKES_NOTHING, SPELLED_COLLECTOR, FAULT_SILENCE, collector_goes_blind,
     collector_sees, NULL, of_collector},
    {"ORDER_DATA_MISSING", "requests wait", STRIKES_PRODUCT, SPELLED_PRODUCT, FAULT_LONG,
     hold_product, release_product, NULL, NULL},
    {"ORDER_DATA_MISSING", "not released", STRIKES_PRODUCT, SPELLED_PRODUCT, FAULT_LONG,
     hold_product, release_product, NULL, NULL},
    {"ORDER_DATA_MISSING", "one order", STRIKES_ORDER, SPELLED_ORDER, FAULT_STEADY, carry_order,
     no_end, carry_on, NULL},
    {"ROLLOUT_BAD", "rolled out now", STRIKES_NOTHING, SPELLED_VERSION, ROLLED, roll_out,
     mend_version, NULL, NULL},
    {"ROLLOUT_BAD", "shows later", STRIKES_NOTHING, SPELLED_VERSION, ROLLED, break_version,
     mend_version, NULL, NULL},
    {"STATION_FAULT", "logon lost", STATION, FAULT_LONG, unplug, plug, NULL, NULL},
    {"STATION_FAULT", "no way to the share", STATION, FAULT_LONG, unplug, plug, NULL, NULL},
    {"STATION_FAULT", "reads garbage", STATION, FAULT_LONG, unplug, plug, NULL, NULL},
    {"STATION_FAULT", "files locked", STATION, FAULT_LONG, unplug, plug, NULL, NULL},
    {"STATION_SOFTWARE_DOWN", "", STATION, FAULT_NEEDS_SOFTWARE, software_ends, software_starts,
     NULL, NULL},
    {"AGENT_LOST", "crash", STATION, FAULT_SILENCE, agent_crashes, agent_returns, NULL, NULL},
    {"AGENT_LOST", "power", STATION, FAULT_SILENCE, power_fails, agent_returns, NULL, NULL},
    {"DUPLICATE_NODE", "", STATION, FAULT_STEADY, clone_appears, clone_leaves, clones_fight, NULL},
    {"CLOCK_SKEW", "", STATION, FAULT_STEADY, clock_jumps, clock_is_set, NULL, NULL},
    {"ORDER_FETCH_FAILING", "", STRIKES_SERVER, SPELLED_ANY, 0, read_oddly, read_well, NULL, NULL},
    {"SERVICE_WILL_NOT_RETURN", "set to manual", SERVICE, MODE, forget_to_start, set_to_automatic,
     NULL, NULL},
    {"SERVICE_WILL_NOT_RETURN", "disabled", SERVICE, MODE, forget_to_start, set_to_automatic, NULL,
     NULL},
    {"DISK_FILLING", "", SERVER, FAULT_NEEDS_OUTPUT | FAULT_LATENT | FAULT_LONG | FAULT_STEADY,
     disk_fills, disk_is_cleared, NULL, NULL},
    {"CERTIFICATE_EXPIRING", "", STRIKES_STATION, SPELLED_ANY, FAULT_LATENT | FAULT_STEADY,
     certificate_ages, certificate_is_renewed, NULL, NULL},
};

const size_t fault_row_count = sizeof fault_rows / sizeof fault_rows[0];
