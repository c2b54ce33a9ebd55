// SPDX-License-Identifier: Apache-2.0
// The agent's configuration: what is taken, what is refused with which words.
#include "agent/shell/agent_config.h"
#include "agent/shell/host.h"
#include "tests/support/temporary.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct agent_config config;
static struct config_error error;

static enum status load(const char *yaml)
{
    memset(&error, 0, sizeof error);
    enum status status = config_parse("agent.yaml", yaml, strlen(yaml), agent_settings,
                                      agent_setting_count, &config, &error);
    return status == STATUS_OK ? agent_config_check(&config, &error) : status;
}

static void assert_refused(const char *yaml, const char *words)
{
    assert_int_equal(load(yaml), STATUS_CONFIG);
    if (strstr(error.text, words) == NULL)
        fail_msg("'%s' is not in '%s'", words, error.text);
}

static void the_site_is_enough(void **state)
{
    (void)state;
    assert_int_equal(load("site: plant1\n"), STATUS_OK);
    char node[ID_SIZE], socket[TEXT_SIZE];
    assert_int_equal(agent_config_node(&config, node), STATUS_OK);
    assert_true(id_is_valid(node));
    assert_int_equal(agent_config_role(&config), ROLE_STATION);
    assert_int_equal(config.heartbeat_interval.us, 1000000);
    assert_string_equal(config.broker.url, "mqtt://127.0.0.1:1883");
    assert_int_equal(agent_config_report_socket(&config, socket), STATUS_OK);
    assert_string_equal(socket, "/var/lib/stationwatch-agent/report.sock");
}

static void a_whole_configuration_reaches_its_parts(void **state)
{
    (void)state;
    assert_int_equal(
        load("site: plant1\nnode: SRV-1\nrole: server\n"
             "labels: [{key: line, value: L1}]\n"
             "broker: {url: 'mqtts://b:8883', username: u, ca_file: /ca, certificate_file: /c,"
             " key_file: /k, keepalive: 5s}\n"
             "heartbeat: {interval: 500ms}\n"
             "log: {path: /l, encoding: utf-16le, patterns: [{name: a, regex: x, outcome: ok},"
             " {name: b, regex: y, outcome: stale}]}\n"
             "services:\n  - {name: s, pid_file: /p, start_command: /bin/s, policy: ensure_running,"
             " delay: 8s, attempts: 2, backoff: 2s, backoff_max: 1min}\n"
             "outbox: {max_events: 2}\n"),
        STATUS_OK);
    struct mqtt_settings mqtt;
    agent_config_mqtt(&config, "secret", &mqtt);
    assert_int_equal(mqtt.keepalive_s, 5);
    assert_string_equal(mqtt.username, "u");
    assert_string_equal(mqtt.password, "secret");
    assert_string_equal(mqtt.tls_key_file, "/k");
    struct log_tail_settings tail;
    agent_config_log_tail(&config, &tail);
    assert_int_equal(tail.pattern_count, 2);
    assert_int_equal(tail.patterns[0].outcome, OUTCOME_OK);
    assert_int_equal(tail.patterns[1].outcome, OUTCOME_STALE);
    struct guardian_settings guardian;
    agent_config_guardian(&config.services[0], &guardian);
    assert_int_equal(guardian.policy, GUARDIAN_ENSURE_RUNNING);
    assert_int_equal(guardian.delay.us, 8000000);
    assert_int_equal(guardian.attempts, 2);
    assert_int_equal(agent_config_role(&config), ROLE_SERVER);
}

static void outcomes_are_spelled_as_people_read_them(void **state)
{
    (void)state;
    for (int i = OUTCOME_OK; i < OUTCOME_COUNT; i++) {
        char yaml[256];
        snprintf(yaml, sizeof yaml,
                 "site: s\nlog: {path: /l, patterns: [{name: a, regex: x, outcome: %s}]}\n",
                 outcome_text((enum outcome)i));
        assert_int_equal(load(yaml), STATUS_OK);
        struct log_tail_settings tail;
        agent_config_log_tail(&config, &tail);
        assert_int_equal(tail.patterns[0].outcome, i);
    }
}

static void mistakes_are_named(void **state)
{
    (void)state;
    assert_refused("node: A\n", "site");
    assert_refused("site: plant 1\n", "site");
    assert_refused("site: s\nnode: _a\n", "node");
    assert_refused("site: s\nheartbeat: {intervall: 1s}\n", "intervall");
    assert_refused("site: s\nbroker: {url: 'http://x'}\n", "mqtt://host:1883");
    assert_refused("site: s\nbroker: {url: 'mqtt://'}\n", "mqtt://host:1883");
    assert_refused("site: s\nbroker: {ca_file: /ca}\n", "mqtts://");
    assert_refused("site: s\nbroker: {url: 'mqtts://b', key_file: /k}\n", "go together");
    assert_refused("site: s\nlog: {path: /l}\n", "log.patterns");
    assert_refused("site: s\nlog: {encoding: ebcdic}\n", "utf-16le");
    assert_refused("site: s\nservices: [{name: a}]\n", "pid_file or command");
    assert_refused("site: s\nservices: [{name: a, command: x, policy: ensure_running}]\n",
                   "start_command");
    assert_refused("site: s\nservices: [{name: a, command: x}, {name: a, command: y}]\n", "twice");
    assert_refused("site: s\nservices: [{name: a, command: x, provider: scm}]\n", "provider");
    assert_refused("site: s\noutbox: {max_events: 0}\n", "max_events");
    assert_refused("site: s\nrole: robot\n", "role");
}

static void a_host_name_becomes_an_id(void **state)
{
    (void)state;
    char node[ID_SIZE];
    host_node("ets-017", node);
    assert_string_equal(node, "ETS-017");
    host_node("ets 017.plant.example", node);
    assert_string_equal(node, "ETS-017");
    host_node("--_x", node);
    assert_string_equal(node, "X");
    host_node("\xc3\xa4", node);
    assert_string_equal(node, "");
    host_node(".", node);
    assert_string_equal(node, "");
    char longest[200];
    memset(longest, 'a', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    host_node(longest, node);
    assert_int_equal(strlen(node), ID_SIZE - 1);
    assert_true(id_is_valid(node));
}

static void a_password_is_the_first_line_of_its_file(void **state)
{
    (void)state;
    struct temporary folder;
    char path[TEMPORARY_PATH_SIZE], password[PASSWORD_SIZE], long_line[2 * PASSWORD_SIZE];
    temporary_init(&folder);
    temporary_write(&folder, "password", "open sesame\r\nmore\n", path);
    assert_int_equal(agent_config_password(path, password), STATUS_OK);
    assert_string_equal(password, "open sesame");
    temporary_write(&folder, "password", "\n", path);
    assert_int_equal(agent_config_password(path, password), STATUS_INVALID);
    memset(long_line, 'x', sizeof long_line - 1);
    long_line[sizeof long_line - 1] = '\0';
    temporary_write(&folder, "password", long_line, path);
    assert_int_equal(agent_config_password(path, password), STATUS_INVALID);
    assert_int_equal(agent_config_password(folder.path, password), STATUS_INVALID);
    temporary_path(&folder, "absent", path);
    assert_int_equal(agent_config_password(path, password), STATUS_NOT_FOUND);
    temporary_fini(&folder);
}

static void the_shipped_examples_are_right(void **state)
{
    (void)state;
    static const char *const names[] = {"agent.station.yaml", "agent.server.yaml"};
    const char *source = getenv("STATIONWATCH_SOURCE");
    if (source == NULL)
        source = ".";
    for (size_t i = 0; i < 2; i++) {
        char path[512];
        snprintf(path, sizeof path, "%s/packaging/%s", source, names[i]);
        assert_int_equal(config_load(path, agent_settings, agent_setting_count, &config, &error),
                         STATUS_OK);
        assert_int_equal(agent_config_check(&config, &error), STATUS_OK);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_site_is_enough),
        cmocka_unit_test(a_whole_configuration_reaches_its_parts),
        cmocka_unit_test(outcomes_are_spelled_as_people_read_them),
        cmocka_unit_test(mistakes_are_named),
        cmocka_unit_test(a_host_name_becomes_an_id),
        cmocka_unit_test(a_password_is_the_first_line_of_its_file),
        cmocka_unit_test(the_shipped_examples_are_right),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
