// SPDX-License-Identifier: Apache-2.0
// The agent's configuration: one struct, filled by one table of settings.
//
// Ownership: the caller's struct (about 60 kB). Thread: any. Failure: the table's own errors name
// file:line:column; agent_config_check tells what no single setting can.
#ifndef AGENT_SHELL_AGENT_CONFIG_H
#define AGENT_SHELL_AGENT_CONFIG_H

#include "agent/core/guardian.h"
#include "agent/probe/probes.h"
#include "agent/probe/service.h"
#include "config/config.h"
#include "domain/observation.h"
#include "runtime/mqtt/mqtt.h"

struct service_config {
    struct service_settings provider;
    int policy; // enum guardian_policy
    struct duration delay;
    int64_t attempts;
    struct duration backoff, backoff_max, start_timeout, stable_after;
};

struct pattern_config {
    char name[NAME_SIZE];
    char regex[PATTERN_SIZE];
    int outcome; // index of the choice; enum outcome is one more
};

struct broker_config {
    char url[TEXT_SIZE];
    char username[NAME_SIZE];
    char password_file[TEXT_SIZE];
    char ca_file[TEXT_SIZE], certificate_file[TEXT_SIZE], key_file[TEXT_SIZE];
    struct duration keepalive, connect_timeout, backoff_min, backoff_max;
};

struct agent_config {
    char site[ID_SIZE];
    char node[ID_SIZE]; // "" = from the computer's name, see agent_config_node
    int role;           // index of the choice: 0 station, 1 server
    size_t label_count;
    struct label labels[BIRTH_LABELS_MAX];
    struct broker_config broker;
    struct duration heartbeat_interval;
    char state_dir[TEXT_SIZE];
    char share_path[TEXT_SIZE];
    struct duration share_interval, share_deadline;
    char log_path[TEXT_SIZE];
    char log_encoding[ID_SIZE];
    size_t pattern_count;
    struct pattern_config patterns[LOG_PATTERNS_MAX];
    char report_socket[TEXT_SIZE]; // "" = report.sock in state_dir
    char software_command[TEXT_SIZE];
    size_t service_count;
    struct service_config services[BIRTH_SERVICES_MAX];
    char output_path[TEXT_SIZE];
    char output_request_path[TEXT_SIZE];
    struct duration output_interval, output_deadline;
    char helper[TEXT_SIZE];
    int64_t outbox_max_events, outbox_max_megabytes;
    int log_level;
};

extern const struct setting agent_settings[];
extern const size_t agent_setting_count;

// The rules between settings; shaped for struct daemon_program.
enum status agent_config_check(const void *config, struct config_error *error);

// The node: the setting, else made of the computer's name. STATUS_CONFIG: neither gives an id.
MUST_CHECK enum status agent_config_node(const struct agent_config *config, char out[ID_SIZE]);
enum role agent_config_role(const struct agent_config *config);

// What the probes want, out of the configuration.
void agent_config_log_tail(const struct agent_config *config, struct log_tail_settings *ret);
// The MQTT side; texts point into `config` and `password`.
void agent_config_mqtt(const struct agent_config *config, const char *password,
                       struct mqtt_settings *ret);
void agent_config_guardian(const struct service_config *service, struct guardian_settings *ret);
// STATUS_FULL: state_dir is too long for a path in it.
MUST_CHECK enum status agent_config_report_socket(const struct agent_config *config,
                                                  char out[TEXT_SIZE]);

// The first line of a password file. STATUS_NOT_FOUND, STATUS_DENIED, STATUS_INVALID (empty or too
// long).
enum { PASSWORD_SIZE = 256 };
MUST_CHECK enum status agent_config_password(const char *path, char out[PASSWORD_SIZE]);

#endif
