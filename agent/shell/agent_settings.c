// SPDX-License-Identifier: Apache-2.0
// The table that drives parsing, validation, --print-config and the reference page of the agent.
#include "agent/shell/agent_config.h"

#include <string.h>

static const char *broker_url_problem(const char *url)
{
    const char *host = NULL;
    if (strncmp(url, "mqtt://", 7) == 0)
        host = url + 7;
    else if (strncmp(url, "mqtts://", 8) == 0)
        host = url + 8;
    bool plausible = host != NULL && host[0] != '\0' && host[0] != ':' && host[0] != '/';
    return plausible ? NULL
                     : "is not a broker's address; write mqtt://host:1883 or mqtts://host:8883";
}

static const char *encoding_problem(const char *name)
{
    static const char *const known[] = {"utf-8", "windows-1252", "utf-16le"};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (strcmp(name, known[i]) == 0)
            return NULL;
    }
    return "is not a known encoding; write utf-8, windows-1252 or utf-16le";
}

static const char *provider_problem(const char *name)
{
    return strcmp(name, "process") == 0 ? NULL : "is not a provider of this build; write process";
}

static const char *const roles[] = {"station", "server", NULL};
static const char *const policies[] = {"watch", "ensure_running", NULL};
static const char *const log_levels[] = {"debug", "info", "warning", "error", NULL};
// In the order of enum outcome, from OUTCOME_OK.
static const char *const outcomes[] = {"ok",     "missing", "unreachable", "denied", "timeout",
                                       "locked", "invalid", "stale",       NULL};

static const struct setting label_settings[] = {
    SETTING_TEXT(struct label, key, "key", .required = true,
                 .help = "line, area, segment, version or name; or one of your own"),
    SETTING_TEXT(struct label, value, "value", .required = true, .help = "its value"),
};

static const struct setting pattern_settings[] = {
    SETTING_TEXT(struct pattern_config, name, "name", .required = true,
                 .help = "what doctor and the log call it"),
    SETTING_TEXT(struct pattern_config, regex, "regex", .required = true,
                 .help = "PCRE2; named groups that matter: order, product, latency_ms, detail"),
    SETTING_CHOICE(struct pattern_config, outcome, "outcome", outcomes, .required = true,
                   .help = "what a line that matches means"),
};

static const struct setting service_settings[] = {
    SETTING_TEXT(struct service_config, provider.name, "name", .required = true,
                 .help = "the service, as alerts name it"),
    SETTING_TEXT(struct service_config, provider.provider, "provider", .preset = "process",
                 .check = provider_problem, .help = "what watches it: process"),
    SETTING_TEXT(struct service_config, provider.pid_file, "pid_file",
                 .help = "file that holds the service's pid"),
    SETTING_TEXT(struct service_config, provider.command, "command",
                 .help = "or the executable path (or name) it is found by"),
    SETTING_TEXT(struct service_config, provider.start_command, "start_command",
                 .help = "program and arguments that start it; no shell; empty: it can't be "
                         "started"),
    SETTING_CHOICE(struct service_config, policy, "policy", policies, .preset = "watch",
                   .help = "watch only, or start it when it is stopped; a plain process can't be "
                           "seen to be stopped by hand"),
    SETTING_DURATION(struct service_config, delay, "delay", .preset = "0s", .max = 3600,
                     .help = "wait before the first attempt"),
    SETTING_INTEGER(struct service_config, attempts, "attempts", .preset = "5", .min = 1,
                    .max = 100, .help = "starts tried until it is given up"),
    SETTING_DURATION(struct service_config, backoff, "backoff", .preset = "1s", .min = 0.1,
                     .max = 3600, .help = "wait after the first failed attempt; doubles"),
    SETTING_DURATION(struct service_config, backoff_max, "backoff_max", .preset = "5min",
                     .min = 0.1, .max = 86400, .help = "longest wait between attempts"),
    SETTING_DURATION(struct service_config, start_timeout, "start_timeout", .preset = "30s",
                     .min = 1, .max = 3600, .help = "a start that does not run by then has failed"),
    SETTING_DURATION(struct service_config, stable_after, "stable_after", .preset = "30s", .min = 1,
                     .max = 86400,
                     .help = "running this long counts as repaired and forgets the attempts"),
};

const struct setting agent_settings[] = {
    SETTING_TEXT(struct agent_config, site, "site", .required = true, .check = id_problem,
                 .help = "id of the plant, as topics spell it"),
    SETTING_TEXT(struct agent_config, node, "node", .check = id_problem,
                 .help = "id of this computer; by default its name in upper case"),
    SETTING_CHOICE(struct agent_config, role, "role", roles, .preset = "station",
                   .help = "what this computer is"),
    SETTING_LIST(struct agent_config, labels, label_count, "labels", label_settings,
                 .help = "what else is known of it; the collector's station list overrules"),
    SETTING_TEXT(struct agent_config, broker.url, "broker.url", .preset = "mqtt://127.0.0.1:1883",
                 .check = broker_url_problem, .help = "mqtt://host:1883 or mqtts://host:8883"),
    SETTING_TEXT(struct agent_config, broker.username, "broker.username",
                 .help = "where the broker wants one"),
    SETTING_SECRET(struct agent_config, broker.password_file, "broker.password_file",
                   .help = "file whose first line is the password"),
    SETTING_TEXT(struct agent_config, broker.ca_file, "broker.ca_file",
                 .help = "PEM file of the authority that signed the broker's certificate"),
    SETTING_TEXT(struct agent_config, broker.certificate_file, "broker.certificate_file",
                 .help = "PEM file of this node's certificate; its common name is the node"),
    SETTING_SECRET(struct agent_config, broker.key_file, "broker.key_file",
                   .help = "PEM file of its private key"),
    SETTING_DURATION(struct agent_config, broker.keepalive, "broker.keepalive", .preset = "10s",
                     .min = 1, .max = 3600, .help = "a dead link is noticed within twice this"),
    SETTING_DURATION(struct agent_config, broker.connect_timeout, "broker.connect_timeout",
                     .preset = "10s", .min = 1, .max = 300, .help = "longest wait for an answer"),
    SETTING_DURATION(struct agent_config, broker.backoff_min, "broker.backoff_min",
                     .preset = "500ms", .min = 0.01, .max = 3600,
                     .help = "first wait before connecting again; doubles, jittered"),
    SETTING_DURATION(struct agent_config, broker.backoff_max, "broker.backoff_max", .preset = "15s",
                     .min = 0.01, .max = 3600, .help = "longest such wait"),
    SETTING_DURATION(struct agent_config, heartbeat_interval, "heartbeat.interval", .preset = "1s",
                     .min = 0.1, .max = 3600, .help = "silence is noticed after 2.5 of these"),
    SETTING_TEXT(struct agent_config, state_dir, "state_dir",
                 .preset = "/var/lib/stationwatch-agent",
                 .help = "folder of the outbox and of the report socket"),
    SETTING_TEXT(struct agent_config, share_path, "share.path",
                 .help = "the order share as stations see it, or a file on it; empty: no probe"),
    SETTING_DURATION(struct agent_config, share_interval, "share.interval", .preset = "10s",
                     .min = 1, .max = 3600, .help = "time between probes, jittered"),
    SETTING_DURATION(struct agent_config, share_deadline, "share.deadline", .preset = "3s",
                     .min = 0.1, .max = 300, .help = "no answer by then is the outcome timeout"),
    SETTING_TEXT(struct agent_config, log_path, "log.path",
                 .help = "the tester's log; it need not exist yet; empty: none is read"),
    SETTING_TEXT(struct agent_config, log_encoding, "log.encoding", .preset = "utf-8",
                 .check = encoding_problem, .help = "utf-8, windows-1252 or utf-16le"),
    SETTING_LIST(struct agent_config, patterns, pattern_count, "log.patterns", pattern_settings,
                 .help = "lines that tell of an order fetch; the first that matches wins"),
    SETTING_TEXT(struct agent_config, report_socket, "report.socket",
                 .help = "where 'stationwatch-agent report' and the tester's software report; by "
                         "default report.sock in state_dir"),
    SETTING_TEXT(struct agent_config, software_command, "software.command",
                 .help = "executable path (or name) of the tester's software; empty: not watched"),
    SETTING_LIST(struct agent_config, services, service_count, "services", service_settings,
                 .help = "services of this computer that are watched"),
    SETTING_TEXT(struct agent_config, output_path, "order_output.path",
                 .help = "on a server: the folder the order files are written to"),
    SETTING_TEXT(struct agent_config, output_request_path, "order_output.request_path",
                 .help = "folder of requests that are not answered yet; empty: backlog unknown"),
    SETTING_DURATION(struct agent_config, output_interval, "order_output.interval", .preset = "10s",
                     .min = 1, .max = 3600, .help = "time between reports"),
    SETTING_DURATION(struct agent_config, output_deadline, "order_output.deadline", .preset = "3s",
                     .min = 0.1, .max = 300, .help = "how long the folder may take to answer"),
    SETTING_TEXT(struct agent_config, helper, "helper",
                 .help = "path of stationwatch-probe; by default beside the agent"),
    SETTING_INTEGER(struct agent_config, outbox_max_events, "outbox.max_events", .preset = "100000",
                    .min = 1, .max = 10000000,
                    .help = "above this the oldest events are dropped, counted and reported"),
    SETTING_INTEGER(struct agent_config, outbox_max_megabytes, "outbox.max_megabytes",
                    .preset = "64", .min = 1, .max = 4096, .unit = "MB",
                    .help = "the same limit as disk space"),
    SETTING_CHOICE(struct agent_config, log_level, "log_level", log_levels, .preset = "info",
                   .help = "least important line that is logged"),
};

const size_t agent_setting_count = sizeof agent_settings / sizeof agent_settings[0];
