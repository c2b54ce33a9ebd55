// SPDX-License-Identifier: Apache-2.0
// The collector's configuration: what it gives the core, and the place of what it refuses.
#include "collector/config/collector_config.h"
#include "collector/config/listen_address.h"
#include "collector/config/site_zone.h"
#include "tests/support/temporary.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct temporary folder;
static char config_path[TEMPORARY_PATH_SIZE];

static int make_folder(void **state)
{
    (void)state;
    temporary_init(&folder);
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    temporary_fini(&folder);
    return 0;
}

static struct collector_config *load(const char *yaml)
{
    struct collector_config *config = NULL;
    struct config_error error;
    temporary_write(&folder, "collector.yaml", yaml, config_path);
    enum status status = collector_config_load(config_path, &config, &error);
    if (status != STATUS_OK)
        print_message("%s:%u:%u: %s\n", error.file, error.line, error.column, error.text);
    assert_int_equal(status, STATUS_OK);
    return config;
}

static void expect_refusal(const char *yaml, const char *file, uint32_t line, uint32_t column,
                           const char *words)
{
    struct collector_config *config = NULL;
    struct config_error error;
    temporary_write(&folder, "collector.yaml", yaml, config_path);
    assert_int_equal(collector_config_load(config_path, &config, &error), STATUS_CONFIG);
    assert_null(config);
    const char *slash = strrchr(error.file, '/');
    print_message("%s:%u:%u: %s\n", slash, error.line, error.column, error.text);
    assert_string_equal(slash + 1, file);
    assert_non_null(strstr(error.text, words));
    assert_int_equal(error.line, line);
    assert_int_equal(error.column, column);
}

static void write_stations(const char *csv)
{
    char path[TEMPORARY_PATH_SIZE];
    temporary_write(&folder, "stations.csv", csv, path);
}

static void the_smallest_configuration_is_a_site(void **state)
{
    (void)state;
    struct collector_config *config = load("site: plant-1\n");
    assert_string_equal(config->engine.site, "plant-1");
    assert_string_equal(config->broker.url, "mqtt://127.0.0.1:1883");
    assert_string_equal(config->broker.client_id, "stationwatch-collector");
    assert_string_equal(config->store.path, "/var/lib/stationwatch/collector.db");
    assert_string_equal(config->http.listen, "127.0.0.1:8080");
    assert_int_equal(config->engine.annunciate_after.us, duration_s(5).us);
    assert_int_equal(config->engine.reopen_within.us, duration_s(300).us);
    assert_int_equal(config->engine.restart_limit.us, duration_s(600).us);
    assert_int_equal(config->engine.status_valid_for_s, 15);
    assert_true(config->engine.false_alarms_per_year == 0.1);
    assert_false(config->engine.stations_listed);
    assert_int_equal(config->engine.server_count, 0);
    collector_config_free(config);
}

static void everything_reaches_the_core(void **state)
{
    (void)state;
    write_stations("node,line,area,segment,server,name\n"
                   "ETS-1,L1,A,S1,SRV1,Tester one\nETS-2,,,,,\n");
    struct collector_config *config =
        load("site: plant\nstations: stations.csv\nannunciate_after: 7s\nnodes_max: 50\n"
             "services:\n  - {server: SRV1, name: OrderGen, share: orders, upstream: host system}\n"
             "servers:\n  - {name: SRV1, agent: false}\n"
             "owners:\n  - {name: Test Technology}\n"
             "  - {name: IT Support, causes: [SERVER_DOWN, BROKER_DOWN]}\n"
             "broker: {url: 'mqtts://b:8883', username: u, password_file: secret}\n"
             "store: {path: c.db, retention: 30d}\nrecord: /tmp/trace.jsonl\nlog_level: debug\n");
    const struct engine_config *engine = &config->engine;
    assert_true(engine->stations_listed);
    assert_int_equal(engine->station_count, 2);
    assert_string_equal(engine->stations[0].node, "ETS-1");
    assert_string_equal(engine->stations[0].server, "SRV1");
    assert_int_equal(engine->stations[0].label_count, 4);
    assert_string_equal(engine->stations[0].labels[3].key, "name");
    assert_string_equal(engine->stations[0].labels[3].value, "Tester one");
    assert_int_equal(engine->stations[1].label_count, 0);
    assert_string_equal(engine->services[0].upstream, "host system");
    assert_false(engine->servers[0].agent);
    assert_int_equal(engine->owners[0].cause_count, 0);
    assert_int_equal(engine->owners[1].cause_count, 2);
    assert_string_equal(engine->owners[1].causes[1], "BROKER_DOWN");
    assert_int_equal(engine->annunciate_after.us, duration_s(7).us);
    assert_int_equal(engine->nodes_max, 50);
    assert_int_equal(config->store.retention.us, duration_s(30 * 86400).us);
    assert_int_equal(config->log_level, 0);
    collector_config_free(config);
}

static void paths_are_relative_to_the_file(void **state)
{
    (void)state;
    char expected[TEMPORARY_PATH_SIZE];
    struct collector_config *config =
        load("site: plant\nstore: {path: data/c.db}\nrecord: /abs/trace\n");
    assert_string_equal(config->store.path, temporary_path(&folder, "data/c.db", expected));
    assert_string_equal(config->record, "/abs/trace");
    assert_string_equal(config->stations_file, "");
    collector_config_free(config);
}

static void servers_follow_from_services_where_none_are_listed(void **state)
{
    (void)state;
    struct collector_config *config =
        load("site: plant\nservices:\n  - {server: SRV1, name: A}\n  - {server: SRV1, name: B}\n"
             "  - {server: SRV2, name: A}\n");
    assert_int_equal(config->engine.server_count, 2);
    assert_string_equal(config->engine.servers[1].name, "SRV2");
    assert_true(config->engine.servers[1].agent);
    collector_config_free(config);
}

static void a_missing_site_and_unknown_keys_are_named(void **state)
{
    (void)state;
    expect_refusal("timezone: UTC\n", "collector.yaml", 1, 1, "site");
    expect_refusal("site: plant\nsevers: []\n", "collector.yaml", 2, 1, "severs");
    expect_refusal("site: pl.ant\n", "collector.yaml", 1, 7, "A-Z a-z 0-9");
}

static void single_values_are_checked_where_they_stand(void **state)
{
    (void)state;
    expect_refusal("site: p\ntimezone: Europe/Nowhere\n", "collector.yaml", 2, 11, "Europe/Berlin");
    expect_refusal("site: p\nbroker:\n  url: tcp://x:1\n", "collector.yaml", 3, 8, "mqtt://");
    expect_refusal("site: p\nhttp: {listen: localhost}\n", "collector.yaml", 2, 16,
                   "127.0.0.1:8080");
    expect_refusal("site: p\nlog_level: loud\n", "collector.yaml", 2, 12, "loud");
    expect_refusal("site: p\nfalse_alarms_per_year: 0\n", "collector.yaml", 2, 24, "0");
}

static void a_service_on_an_unknown_server_is_named(void **state)
{
    (void)state;
    expect_refusal("site: p\nservers: [{name: SRV1}]\nservices:\n  - name: A\n    server: SRV2\n",
                   "collector.yaml", 5, 13, "'SRV2'");
}

static void what_is_listed_twice_is_named(void **state)
{
    (void)state;
    expect_refusal("site: p\nservers:\n  - name: SRV1\n  - name: srv1\n", "collector.yaml", 4, 11,
                   "twice");
    expect_refusal("site: p\nservices:\n  - {server: S, name: A}\n  - {server: S, name: a}\n",
                   "collector.yaml", 4, 23, "twice");
    expect_refusal("site: p\nowners:\n  - name: X\n    causes: [A, B]\n"
                   "  - {name: Y, causes: [C, B]}\n",
                   "collector.yaml", 5, 27, "'X'");
    expect_refusal("site: p\nowners: [{name: X}, {name: Y}]\n", "collector.yaml", 2, 28,
                   "no causes");
}

static void certificate_and_key_belong_together(void **state)
{
    (void)state;
    expect_refusal("site: p\nbroker:\n  certificate_file: c.pem\n", "collector.yaml", 3, 3,
                   "key_file");
    expect_refusal("site: p\nbroker: {password_file: x}\n", "collector.yaml", 2, 9, "username");
}

static void bad_station_lists_are_refused_with_their_line(void **state)
{
    (void)state;
    const char *yaml = "site: p\nstations: stations.csv\nservers: [{name: SRV1}]\n";
    write_stations("node,line\nETS-1,L1\nets-1,L1\n");
    expect_refusal(yaml, "stations.csv", 3, 1, "twice");
    write_stations("node\nETS 1\n");
    expect_refusal(yaml, "stations.csv", 2, 1, "'ETS 1'");
    write_stations("node,server\nETS-1,SRV1\nETS-2,SRV9\n");
    expect_refusal(yaml, "stations.csv", 3, 1, "'SRV9'");
    write_stations("node\nSRV1\n");
    expect_refusal(yaml, "stations.csv", 2, 1, "station here and a server");
    write_stations("node,a,b,c,d,e,f,g,h,i\nETS-1,1,2,3,4,5,6,7,8,9\n");
    expect_refusal(yaml, "stations.csv", 2, 1, "labels");
}

static void more_stations_than_nodes_max_are_refused(void **state)
{
    (void)state;
    write_stations("node\nETS-1\nETS-2\nETS-3\n");
    expect_refusal("site: p\nstations: stations.csv\nnodes_max: 2\n", "stations.csv", 4, 1,
                   "nodes_max");
}

static void a_missing_station_list_is_named(void **state)
{
    (void)state;
    expect_refusal("site: p\nstations: nowhere.csv\n", "nowhere.csv", 0, 0, "");
}

static void listen_addresses_are_numeric(void **state)
{
    (void)state;
    struct listen_address address;
    assert_null(listen_address_parse("127.0.0.1:8080", &address));
    assert_string_equal(address.host, "127.0.0.1");
    assert_int_equal(address.port, 8080);
    assert_null(listen_address_parse("[::1]:0", &address));
    assert_string_equal(address.host, "::1");
    assert_null(listen_address_parse(":80", &address));
    assert_string_equal(address.host, "");
    static const char *const bad[] = {
        "",       "8080",           "127.0.0.1", "127.0.0.1:",  "127.0.0.1:65536",
        "::1:80", "[127.0.0.1]:80", "host:80",   "127.0.0.1:8a"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_non_null(listen_address_parse(bad[i], &address));
}

static void the_zone_in_use_gives_summer_and_winter_offsets(void **state)
{
    (void)state;
    if (site_zone_problem("Europe/Berlin") != NULL)
        skip(); // no tzdata on this machine
    struct wall_time winter, summer;
    assert_true(wall_parse("2024-11-06T05:00:00Z", &winter));
    assert_true(wall_parse("2024-07-06T05:00:00Z", &summer));
    site_zone_use("Europe/Berlin");
    assert_int_equal(site_zone_offset_minutes(winter), 60);
    assert_int_equal(site_zone_offset_minutes(summer), 120);
    assert_non_null(site_zone_problem("../etc/passwd"));
    assert_non_null(site_zone_problem("/etc/localtime"));
}

static void the_calendar_reaches_the_core(void **state)
{
    (void)state;
    write_stations("node,line,area,segment,server\nE-1,L1,A,S1,\nE-2,L2,B,S1,\n");
    struct collector_config *config =
        load("site: p\nstations: stations.csv\n"
             "calendar:\n  - {area: A, days: mon-fri, from: 06:00, to: 14:00}\n"
             "  - {area: A, days: 'sun-tue,thu', from: '22:00', to: 6:00}\n"
             "  - {area: '*', from: 00:00, to: 24:00}\n"
             "holidays: [2026-12-25, 2026-12-31..2027-01-01]\n");
    const struct engine_config *engine = &config->engine;
    assert_int_equal(engine->shift_count, 3);
    assert_string_equal(engine->shifts[0].area, "A");
    assert_int_equal(engine->shifts[0].weekdays, 0x1f);
    assert_int_equal(engine->shifts[0].from_minute, 360);
    assert_int_equal(engine->shifts[0].to_minute, 840);
    assert_int_equal(engine->shifts[1].weekdays, 1 << 6 | 1 << 0 | 1 << 1 | 1 << 3);
    assert_int_equal(engine->shifts[1].from_minute, 1320);
    assert_int_equal(engine->shifts[1].to_minute, 360);
    assert_string_equal(engine->shifts[2].area, "");
    assert_int_equal(engine->shifts[2].weekdays, 0x7f);
    assert_int_equal(engine->shifts[2].to_minute, 1440);
    assert_int_equal(engine->holiday_count, 2);
    assert_int_equal(engine->holidays[0].from_day, 20812); // date -d 2026-12-25 +%s, by 86400
    assert_int_equal(engine->holidays[0].to_day, 20812);
    assert_int_equal(engine->holidays[1].to_day - engine->holidays[1].from_day, 1);
    collector_config_free(config);
}

static void a_calendar_that_cannot_be_is_refused_where_it_stands(void **state)
{
    (void)state;
    static const struct {
        const char *row, *words;
        uint32_t column;
    } rows[] = {
        {"{days: mo-fr, from: 06:00, to: 14:00}", "mon-fri", 12},
        {"{days: 'mon,', from: 06:00, to: 14:00}", "mon-fri", 12},
        {"{from: 6 am, to: 14:00}", "06:00", 12},
        {"{from: 06:60, to: 14:00}", "06:00", 12},
        {"{from: 06:00, to: 24:01}", "06:00", 23},
        {"{from: 06:00, to: 06:00}", "00:00 to 24:00", 23},
        {"{from: 06:00, to: 06:20}", "half an hour", 23},
        {"{from: 06:00}", "to", 5},
        {"{area: Z, from: 06:00, to: 14:00}", "no station has the area 'Z'", 12},
    };
    write_stations("node,line,area,segment,server\nE-1,L1,A,S1,\n");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char yaml[200];
        snprintf(yaml, sizeof yaml, "site: p\nstations: stations.csv\ncalendar:\n  - %s\n",
                 rows[i].row);
        expect_refusal(yaml, "collector.yaml", 4, rows[i].column, rows[i].words);
    }
    static const char *const dates[] = {"2026-02-30", "25.12.2026", "2026-12-25..2026-12-24",
                                        "2026-12-25..", "tomorrow"};
    for (size_t i = 0; i < sizeof dates / sizeof dates[0]; i++) {
        char yaml[200];
        snprintf(yaml, sizeof yaml, "site: p\nholidays: [2026-01-01, %s]\n", dates[i]);
        expect_refusal(yaml, "collector.yaml", 2, 24, "2026-12-25");
    }
}

static void the_zones_table_has_every_change_of_the_clocks(void **state)
{
    (void)state;
    struct engine_zone_transition table[SITE_ZONE_TRANSITIONS_MAX];
    if (site_zone_problem("Europe/Berlin") != NULL)
        skip(); // no tzdata on this machine
    site_zone_use("America/New_York");
    size_t count = site_zone_transitions("Europe/Berlin", table);
    assert_int_equal(count, 1 + 2 * 50);
    struct wall_time summer;
    assert_true(wall_parse("2026-03-29T01:00:00Z", &summer));
    bool found = false;
    for (size_t i = 0; i < count; i++)
        found |= table[i].from_ms == summer.ms && table[i].offset_s == 7200;
    assert_true(found);
    assert_int_equal(site_zone_offset_minutes(summer), -240); // the process's zone is as before
    assert_int_equal(site_zone_transitions("UTC", table), 1);
    assert_int_equal(table[0].offset_s, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_smallest_configuration_is_a_site),
        cmocka_unit_test(everything_reaches_the_core),
        cmocka_unit_test(paths_are_relative_to_the_file),
        cmocka_unit_test(servers_follow_from_services_where_none_are_listed),
        cmocka_unit_test(a_missing_site_and_unknown_keys_are_named),
        cmocka_unit_test(single_values_are_checked_where_they_stand),
        cmocka_unit_test(a_service_on_an_unknown_server_is_named),
        cmocka_unit_test(what_is_listed_twice_is_named),
        cmocka_unit_test(certificate_and_key_belong_together),
        cmocka_unit_test(bad_station_lists_are_refused_with_their_line),
        cmocka_unit_test(more_stations_than_nodes_max_are_refused),
        cmocka_unit_test(a_missing_station_list_is_named),
        cmocka_unit_test(listen_addresses_are_numeric),
        cmocka_unit_test(the_zone_in_use_gives_summer_and_winter_offsets),
        cmocka_unit_test(the_zones_table_has_every_change_of_the_clocks),
        cmocka_unit_test(the_calendar_reaches_the_core),
        cmocka_unit_test(a_calendar_that_cannot_be_is_refused_where_it_stands),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
