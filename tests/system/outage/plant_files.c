// SPDX-License-Identifier: Apache-2.0
// Configuration as a site would write it, with the shipped log patterns.
#include "plant_files.h"

#include "plant.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

const char *plant_station(int index, char out[16])
{
    snprintf(out, 16, "ETS-%03d", index + 1);
    return out;
}

static FILE *open_file(const struct temporary *folder, const char *name)
{
    char path[TEMPORARY_PATH_SIZE];
    FILE *file = fopen(temporary_path(folder, name, path), "w");
    assert_non_null(file);
    return file;
}

static void make_folder(const struct temporary *folder, const char *name)
{
    char path[TEMPORARY_PATH_SIZE];
    assert_int_equal(mkdir(temporary_path(folder, name, path), 0755), 0);
}

// The patterns of packaging/, as part of `log`.
static void copy_patterns(FILE *out)
{
    char path[512], line[1024];
    const char *source = getenv("STATIONWATCH_SOURCE");
    snprintf(path, sizeof path, "%s/packaging/patterns/english.yaml", source ? source : ".");
    FILE *in = fopen(path, "r");
    assert_non_null(in);
    bool begun = false;
    while (fgets(line, sizeof line, in) != NULL) {
        begun = begun || strncmp(line, "patterns:", 9) == 0;
        if (begun)
            fprintf(out, "  %s", line);
    }
    fclose(in);
}

static void write_agent_head(FILE *file, const struct temporary *folder, const char *node,
                             const char *role, const char *broker_url)
{
    fprintf(file,
            "site: " PLANT_SITE "\nnode: %s\nrole: %s\n"
            "broker: {url: \"%s\", backoff_min: 100ms, backoff_max: 1s}\n"
            "state_dir: %s/state-%s\nshare: {path: %s/orders, interval: 2s}\n",
            node, role, broker_url, folder->path, node, folder->path);
}

static void write_station(const struct temporary *folder, int index, const char *broker_url)
{
    char node[16], name[64];
    plant_station(index, node);
    snprintf(name, sizeof name, "logs/%s", node);
    make_folder(folder, name);
    snprintf(name, sizeof name, "state-%s", node);
    make_folder(folder, name);
    snprintf(name, sizeof name, "%s.yaml", node);
    FILE *file = open_file(folder, name);
    write_agent_head(file, folder, node, "station", broker_url);
    fprintf(file, "log:\n  path: %s/logs/%s/tester.log\n", folder->path, node);
    copy_patterns(file);
    assert_int_equal(fclose(file), 0);
}

static void write_server(const struct temporary *folder, const char *broker_url)
{
    make_folder(folder, "state-" PLANT_SERVER);
    FILE *file = open_file(folder, PLANT_SERVER ".yaml");
    write_agent_head(file, folder, PLANT_SERVER, "server", broker_url);
    fprintf(file,
            "services:\n  - {name: " PLANT_SERVICE ", pid_file: %s/order-service.pid}\n"
            "order_output: {path: %s/orders, request_path: %s/requests}\n",
            folder->path, folder->path, folder->path);
    assert_int_equal(fclose(file), 0);
}

static void write_collector(const struct temporary *folder, const char *broker_url)
{
    FILE *file = open_file(folder, "stations.csv");
    fprintf(file, "node,line,segment,server\n");
    for (int i = 0; i < PLANT_STATIONS; i++) {
        char node[16];
        fprintf(file, "%s,L%d,S%d," PLANT_SERVER "\n", plant_station(i, node),
                i * 2 / PLANT_STATIONS + 1, i / PLANT_SEGMENT + 1);
    }
    assert_int_equal(fclose(file), 0);
    file = open_file(folder, "collector.yaml");
    fprintf(file,
            "site: " PLANT_SITE "\nstations: stations.csv\n"
            "services:\n  - {server: " PLANT_SERVER ", name: " PLANT_SERVICE
            ", share: orders, upstream: the host system}\n"
            "owners:\n  - {name: Test Technology, causes: [ORDER_SERVICE_STOPPED]}\n"
            "fetches_per_station_hour: 1800\n"
            "broker: {url: \"%s\"}\nstore: {path: collector.db}\nhttp: {listen: \"off\"}\n",
            broker_url);
    assert_int_equal(fclose(file), 0);
}

void plant_write_files(const struct temporary *folder, const char *broker_url)
{
    make_folder(folder, "requests");
    make_folder(folder, "orders");
    make_folder(folder, "logs");
    for (int i = 0; i < PLANT_STATIONS; i++)
        write_station(folder, i, broker_url);
    write_server(folder, broker_url);
    write_collector(folder, broker_url);
}
