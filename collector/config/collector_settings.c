// SPDX-License-Identifier: Apache-2.0
// The table that drives parsing, validation, --print-config and the reference page.
#include "collector/config/collector_config.h"
#include "collector/config/listen_address.h"
#include "collector/config/site_zone.h"

#include <string.h>

static const char *broker_url_problem(const char *url)
{
    bool known = strncmp(url, "mqtt://", 7) == 0 || strncmp(url, "mqtts://", 8) == 0;
    return known && strrchr(url, '/')[1] != '\0'
               ? NULL
               : "is not a broker's address; write one as mqtt://host:1883 or mqtts://host:8883";
}

static const struct setting service_settings[] = {
    SETTING_TEXT(struct engine_service, server, "server", .required = true, .check = id_problem,
                 .help = "node id of the server it runs on"),
    SETTING_TEXT(struct engine_service, name, "name", .required = true,
                 .help = "name of the service as the operating system has it"),
    SETTING_TEXT(struct engine_service, share, "share",
                 .help = "name of the share its orders are read from"),
    SETTING_TEXT(struct engine_service, upstream, "upstream",
                 .help = "what feeds it, in a word for people"),
};

static const struct setting server_settings[] = {
    SETTING_TEXT(struct engine_server, name, "name", .required = true, .check = id_problem,
                 .help = "node id of the server"),
    SETTING_BOOL(struct engine_server, agent, "agent", .preset = "true",
                 .help = "false: it has no agent and is never expected to be heard"),
};

static const struct setting owner_settings[] = {
    SETTING_TEXT(struct owner_setting, name, "name", .required = true,
                 .help = "the team, as alerts name it"),
    SETTING_TEXT_LIST(struct owner_setting, causes, cause_count, "causes",
                      .help = "codes it owns; without any it owns what nobody else does"),
};

static const struct setting calendar_settings[] = {
    SETTING_TEXT(struct calendar_setting, area, "area",
                 .help = "label 'area' of its stations; none or * = all"),
    SETTING_TEXT(struct calendar_setting, days, "days", .preset = "mon-sun",
                 .check = calendar_days_problem,
                 .help = "days on which it begins: mon-fri or mon,wed"),
    SETTING_TEXT(struct calendar_setting, from, "from", .required = true,
                 .check = calendar_time_problem, .help = "local time at which it begins: 06:00"),
    SETTING_TEXT(struct calendar_setting, to, "to", .required = true,
                 .check = calendar_time_problem,
                 .help = "local time at which it ends; not after 'from': on the next day"),
};

static const char *const log_levels[] = {"debug", "info", "warning", "error", NULL};

const struct setting collector_settings[] = {
    SETTING_TEXT(struct collector_config, site, "site", .required = true, .check = id_problem,
                 .help = "id of the plant, as topics spell it"),
    SETTING_TEXT(struct collector_config, timezone, "timezone", .preset = "UTC",
                 .check = site_zone_problem,
                 .help = "time zone of the calendar and of reports, as "
                         "Europe/Berlin"),
    SETTING_TEXT(struct collector_config, stations_file, "stations",
                 .help = "CSV file of the stations: node,line,area,segment,server; further columns "
                         "become labels; without it every station that speaks is taken"),
    SETTING_LIST(struct collector_config, services, service_count, "services", service_settings,
                 .help = "services that make or serve orders"),
    SETTING_LIST(struct collector_config, servers, server_count, "servers", server_settings,
                 .help = "servers; without any, those that services name"),
    SETTING_LIST(struct collector_config, calendar, calendar_count, "calendar", calendar_settings,
                 .help = "shifts; outside of them the silence of an area's stations is nobody's "
                         "fault; an area without any is always expected, unless it was learned"),
    SETTING_TEXT_LIST(struct collector_config, holidays, holiday_count, "holidays",
                      .check = calendar_holiday_problem,
                      .help = "days on which no shift begins: 2026-12-25 or "
                              "2026-12-24..2027-01-01"),
    SETTING_LIST(struct collector_config, owners, owner_count, "owners", owner_settings,
                 .help = "who is told of which cause"),
    SETTING_REAL(struct collector_config, false_alarms_per_year, "false_alarms_per_year",
                 .preset = "0.1", .min = 1e-6, .max = 1000,
                 .help = "the one setting behind every alarm threshold"),
    SETTING_REAL(struct collector_config, fetches_per_station_hour, "fetches_per_station_hour",
                 .preset = "40", .min = 0.01, .max = 36000,
                 .help = "expected order fetches of a station in an hour"),
    SETTING_DURATION(struct collector_config, annunciate_after, "annunciate_after", .preset = "5s",
                     .min = 0, .max = 3600,
                     .help = "people are told after this, at once when a fetch fails"),
    SETTING_DURATION(struct collector_config, reopen_within, "reopen_within", .preset = "5min",
                     .min = 0, .max = 86400,
                     .help = "the same cause within this reopens the same incident"),
    SETTING_DURATION(struct collector_config, auto_close_after, "auto_close_after", .preset = "0s",
                     .min = 0, .max = 2592000,
                     .help = "a resolved incident that nobody acknowledges is closed after this"),
    SETTING_DURATION(struct collector_config, restart_limit, "restart_limit", .preset = "10min",
                     .min = 10, .max = 86400, .help = "a planned restart may take this long"),
    SETTING_DURATION(struct collector_config, silent_after_start, "silent_after_start",
                     .preset = "30s", .min = 1, .max = 3600,
                     .help = "a known node unheard this long after the start is silent"),
    SETTING_DURATION(struct collector_config, status_valid_for, "status_valid_for", .preset = "15s",
                     .min = 3, .max = 3600,
                     .help = "how long stations may believe the last status; published three "
                             "times in it"),
    SETTING_INTEGER(struct collector_config, nodes_max, "nodes_max", .preset = "20000", .min = 1,
                    .max = COLLECTOR_NODES_MAX, .help = "limit of stations and servers"),
    SETTING_TEXT(struct collector_config, broker.url, "broker.url",
                 .preset = "mqtt://127.0.0.1:1883", .check = broker_url_problem,
                 .help = "mqtt://host:port, or mqtts:// for TLS"),
    SETTING_TEXT(struct collector_config, broker.client_id, "broker.client_id",
                 .preset = "stationwatch-collector", .check = id_problem, .help = "MQTT client id"),
    SETTING_TEXT(struct collector_config, broker.username, "broker.username",
                 .help = "user at the broker"),
    SETTING_SECRET(struct collector_config, broker.password_file, "broker.password_file",
                   .help = "file whose first line is the password"),
    SETTING_TEXT(struct collector_config, broker.ca_file, "broker.ca_file",
                 .help = "certificates the broker's is checked against"),
    SETTING_TEXT(struct collector_config, broker.certificate_file, "broker.certificate_file",
                 .help = "the collector's certificate"),
    SETTING_TEXT(struct collector_config, broker.key_file, "broker.key_file",
                 .help = "the key of the certificate"),
    SETTING_DURATION(struct collector_config, broker.keepalive, "broker.keepalive", .preset = "10s",
                     .min = 1, .max = 3600, .help = "MQTT keep-alive"),
    SETTING_TEXT(struct collector_config, store.path, "store.path",
                 .preset = "/var/lib/stationwatch/collector.db",
                 .help = "SQLite database of events and incidents; made when missing"),
    SETTING_DURATION(struct collector_config, store.retention, "store.retention", .preset = "90d",
                     .min = 3600, .max = 315360000, .help = "how long events and notes are kept"),
    SETTING_DURATION(struct collector_config, store.incidents_retention,
                     "store.incidents_retention", .preset = "1825d", .min = 3600, .max = 315360000,
                     .help = "how long closed incidents are kept"),
    SETTING_TEXT(struct collector_config, http.listen, "http.listen", .preset = "127.0.0.1:8080",
                 .check = listen_address_problem,
                 .help = "address and port of the API and the status page; off = none"),
    SETTING_TEXT(struct collector_config, record, "record",
                 .help = "file to which everything received is appended as a trace"),
    SETTING_CHOICE(struct collector_config, log_level, "log_level", log_levels, .preset = "info",
                   .help = "least severe lines to be logged"),
};

const size_t collector_setting_count = sizeof collector_settings / sizeof collector_settings[0];
