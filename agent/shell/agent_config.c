// SPDX-License-Identifier: Apache-2.0
// Rules between settings, and what the agent's parts want to know out of them.
#include "agent/shell/agent_config.h"

#include "agent/shell/host.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static enum status refuse(struct config_error *error, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static enum status refuse(struct config_error *error, const char *format, ...)
{
    struct text text;
    text_init(&text, error->text, sizeof error->text);
    va_list args;
    va_start(args, format);
    text_vprintf(&text, format, args);
    va_end(args);
    return STATUS_CONFIG;
}

static enum status check_service(const struct agent_config *config, size_t index,
                                 struct config_error *error)
{
    const struct service_config *service = &config->services[index];
    const char *name = service->provider.name;
    for (size_t i = 0; i < index; i++) {
        if (text_equal(config->services[i].provider.name, name))
            return refuse(error, "services: '%s' stands there twice; give each its own name", name);
    }
    if (service->provider.pid_file[0] == '\0' && service->provider.command[0] == '\0')
        return refuse(error, "services: '%s' needs pid_file or command to be found by", name);
    if (service->policy == GUARDIAN_ENSURE_RUNNING && service->provider.start_command[0] == '\0')
        return refuse(error,
                      "services: '%s' has policy ensure_running but no start_command; "
                      "add one, or set policy: watch",
                      name);
    return STATUS_OK;
}

static enum status check_broker(const struct broker_config *broker, struct config_error *error)
{
    bool certificate = broker->certificate_file[0] != '\0';
    if (certificate != (broker->key_file[0] != '\0'))
        return refuse(error, "broker: certificate_file and key_file go together; set both");
    bool tls = strncmp(broker->url, "mqtts://", 8) == 0;
    if (!tls && (certificate || broker->ca_file[0] != '\0'))
        return refuse(error, "broker: certificates need an address with mqtts://, not '%s'",
                      broker->url);
    return STATUS_OK;
}

enum status agent_config_check(const void *target, struct config_error *error)
{
    const struct agent_config *config = target;
    char text[TEXT_SIZE];
    if (agent_config_node(config, text) != STATUS_OK)
        return refuse(error, "node: the computer's name gives no id; set node: NAME");
    if (agent_config_report_socket(config, text) != STATUS_OK)
        return refuse(error, "state_dir: '%s' is too long", config->state_dir);
    if (config->log_path[0] != '\0' && config->pattern_count == 0)
        return refuse(error, "log: '%s' is read, but log.patterns is empty; add a pattern",
                      config->log_path);
    enum status status = check_broker(&config->broker, error);
    for (size_t i = 0; status == STATUS_OK && i < config->service_count; i++)
        status = check_service(config, i, error);
    return status;
}

enum status agent_config_node(const struct agent_config *config, char out[ID_SIZE])
{
    if (config->node[0] != '\0') {
        text_copy(out, ID_SIZE, config->node);
        return STATUS_OK;
    }
    char name[NAME_SIZE], node[ID_SIZE];
    host_name(name);
    host_node(name, node);
    if (!id_is_valid(node))
        return STATUS_CONFIG;
    text_copy(out, ID_SIZE, node);
    return STATUS_OK;
}

enum role agent_config_role(const struct agent_config *config)
{
    return config->role == 1 ? ROLE_SERVER : ROLE_STATION;
}

void agent_config_log_tail(const struct agent_config *config, struct log_tail_settings *ret)
{
    memset(ret, 0, sizeof *ret);
    text_set(ret->path, config->log_path);
    text_set(ret->encoding, config->log_encoding);
    ret->pattern_count = config->pattern_count;
    for (size_t i = 0; i < config->pattern_count; i++) {
        const struct pattern_config *pattern = &config->patterns[i];
        text_set(ret->patterns[i].name, pattern->name);
        text_set(ret->patterns[i].regex, pattern->regex);
        ret->patterns[i].outcome = OUTCOME_OK + pattern->outcome;
    }
}

static const char *given(const char *text)
{
    return text[0] != '\0' ? text : NULL;
}

void agent_config_mqtt(const struct agent_config *config, const char *password,
                       struct mqtt_settings *ret)
{
    const struct broker_config *broker = &config->broker;
    *ret = (struct mqtt_settings){
        .url = broker->url,
        .keepalive_s = (uint32_t)(duration_to_ms(broker->keepalive) / 1000),
        .connect_timeout = broker->connect_timeout,
        .backoff_min = broker->backoff_min,
        .backoff_max = broker->backoff_max,
        .username = given(broker->username),
        .password = given(password),
        .tls_ca_file = given(broker->ca_file),
        .tls_certificate_file = given(broker->certificate_file),
        .tls_key_file = given(broker->key_file),
    };
}

void agent_config_guardian(const struct service_config *service, struct guardian_settings *ret)
{
    *ret = (struct guardian_settings){
        .policy = (enum guardian_policy)service->policy,
        .delay = service->delay,
        .attempts = (uint32_t)service->attempts,
        .backoff = service->backoff,
        .backoff_max = service->backoff_max,
        .start_timeout = service->start_timeout,
        .stable_after = service->stable_after,
    };
}

enum status agent_config_report_socket(const struct agent_config *config, char out[TEXT_SIZE])
{
    char path[TEXT_SIZE];
    struct text text;
    text_init(&text, path, sizeof path);
    if (config->report_socket[0] != '\0')
        text_append(&text, config->report_socket);
    else
        text_printf(&text, "%s/report.sock", config->state_dir);
    if (text.truncated)
        return STATUS_FULL;
    text_copy(out, TEXT_SIZE, path);
    return STATUS_OK;
}

enum status agent_config_password(const char *path, char out[PASSWORD_SIZE])
{
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return errno == EACCES ? STATUS_DENIED : STATUS_NOT_FOUND;
    char line[PASSWORD_SIZE + 2] = "";
    bool got = fgets(line, sizeof line, file) != NULL;
    fclose(file);
    line[strcspn(line, "\r\n")] = '\0';
    size_t length = strlen(line);
    if (!got || length == 0 || length >= PASSWORD_SIZE)
        return STATUS_INVALID;
    memcpy(out, line, length + 1);
    return STATUS_OK;
}
