// SPDX-License-Identifier: Apache-2.0
// A real mosquitto on a free port of 127.0.0.1, with its configuration in a temporary folder.
#include "tests/support/broker.h"

#include "base/text.h"
#include "tests/support/certificates.h"
#include "tests/support/process.h"
#include "tests/support/temporary.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

static const char MOSQUITTO[] = "/usr/sbin/mosquitto";
enum { READY_TIMEOUT_MS = 20000, PORT_ATTEMPTS = 5, CONFIG_SIZE = 8192 };

struct broker {
    struct temporary folder;
    struct broker_options options;
    struct authority *authority;
    struct process process;
    uint16_t port;
    char url[64];
    char ca_file[TEMPORARY_PATH_SIZE];
};

static struct sockaddr_in loopback(uint16_t port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

uint16_t free_port(void)
{
    struct sockaddr_in address = loopback(0);
    socklen_t size = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (listener < 0)
        return 0;
    bool found = bind(listener, (struct sockaddr *)&address, size) == 0 &&
                 getsockname(listener, (struct sockaddr *)&address, &size) == 0;
    close(listener);
    return found ? ntohs(address.sin_port) : 0;
}

bool broker_available(void)
{
    if (access(MOSQUITTO, X_OK) == 0)
        return true;
    fprintf(stderr, "skipped: %s is not installed\n", MOSQUITTO);
    return false;
}

static bool accepts(uint16_t port)
{
    struct sockaddr_in address = loopback(port);
    int probe = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (probe < 0)
        return false;
    bool connected = connect(probe, (struct sockaddr *)&address, sizeof address) == 0;
    close(probe);
    return connected;
}

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

// A socket for the notice that services send to systemd, sd_notify(3): mosquitto says READY=1 once
// it listens. `ret_variable` gets the environment variable that leads it here.
static int open_notice(char ret_variable[64])
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    socklen_t size = sizeof address.sun_family; // no name: the kernel finds a free abstract one
    int notice = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (notice < 0)
        return -1;
    if (bind(notice, (struct sockaddr *)&address, size) != 0)
        goto fail;
    size = sizeof address;
    if (getsockname(notice, (struct sockaddr *)&address, &size) != 0)
        goto fail;
    int name_size = (int)(size - offsetof(struct sockaddr_un, sun_path) - 1);
    snprintf(ret_variable, 64, "NOTIFY_SOCKET=@%.*s", name_size, address.sun_path + 1);
    return notice;
fail:
    close(notice);
    return -1;
}

// Until the broker has said that it is ready and accepts a connection; false when it has ended or
// the deadline passes.
static bool wait_until_ready(struct broker *broker, int notice)
{
    int64_t deadline = now_ms() + READY_TIMEOUT_MS;
    for (;;) {
        int64_t left = deadline - now_ms();
        struct pollfd waits[2] = {{.fd = notice, .events = POLLIN},
                                  {.fd = broker->process.pidfd, .events = POLLIN}};
        if (left <= 0 || poll(waits, 2, (int)left) == 0 || !process_running(&broker->process))
            return false;
        char text[256];
        ssize_t size = recv(notice, text, sizeof text - 1, 0);
        if (size <= 0)
            continue;
        text[size] = '\0';
        if (strstr(text, "READY=1"))
            return accepts(broker->port);
    }
}

static void append_listener(struct broker *broker, struct text *config)
{
    text_printf(config, "listener %u 127.0.0.1\n", (unsigned)broker->port);
    if (!broker->options.tls) {
        text_append(config, "allow_anonymous true\n");
        return;
    }
    const char *folder = broker->folder.path;
    text_printf(config, "allow_anonymous false\ncafile %s\n", broker->ca_file);
    text_printf(config, "certfile %s/broker.crt\nkeyfile %s/broker.key\n", folder, folder);
    text_append(config, "require_certificate true\nuse_identity_as_username true\n");
}

static bool write_config(struct broker *broker)
{
    char buffer[CONFIG_SIZE], path[TEMPORARY_PATH_SIZE];
    struct text config;
    text_init(&config, buffer, sizeof buffer);
    const char *folder = broker->folder.path;
    text_append(&config, "per_listener_settings false\n");
    text_printf(&config, "log_dest file %s/mosquitto.log\nlog_timestamp false\n", folder);
    text_append(&config, "log_type error\nlog_type warning\nlog_type notice\n");
    text_append(&config, "log_type information\n");
    // Without it the broker holds back a small packet that follows another, some 43 ms.
    text_append(&config, "set_tcp_nodelay true\n");
    if (geteuid() == 0)
        text_append(&config, "user root\n");
    if (broker->options.keep_state)
        text_printf(&config, "persistence true\npersistence_location %s/\n", folder);
    if (broker->options.acl)
        text_printf(&config, "acl_file %s\n",
                    temporary_write(&broker->folder, "acl", broker->options.acl, path));
    append_listener(broker, &config);
    if (broker->options.config)
        text_append(&config, broker->options.config);
    if (config.truncated) {
        fprintf(stderr, "test support: the broker's configuration is too long\n");
        return false;
    }
    temporary_write(&broker->folder, "mosquitto.conf", buffer, path);
    return true;
}

// One try: the port is free when asked for, and may be taken when the broker binds it.
static bool launch(struct broker *broker)
{
    char config[TEMPORARY_PATH_SIZE], log[TEMPORARY_PATH_SIZE], output[TEMPORARY_PATH_SIZE];
    temporary_path(&broker->folder, "mosquitto.conf", config);
    temporary_write(&broker->folder, "mosquitto.log", "", log);
    temporary_path(&broker->folder, "mosquitto.out", output);
    char variable[64];
    int notice = open_notice(variable);
    if (notice < 0) {
        fprintf(stderr, "test support: cannot open a notification socket: %m\n");
        return false;
    }
    const char *argv[] = {MOSQUITTO, "-c", config, NULL};
    const char *environment[] = {variable, NULL};
    bool ready = process_start(&broker->process, argv, environment, output) &&
                 wait_until_ready(broker, notice);
    close(notice);
    if (!ready)
        process_kill(&broker->process);
    return ready;
}

bool broker_resume(struct broker *broker)
{
    if (launch(broker))
        return true;
    fprintf(stderr, "test support: the broker does not start on port %u\n", broker->port);
    broker_print_log(broker);
    return false;
}

static bool prepare_tls(struct broker *broker)
{
    broker->authority = authority_new(broker->folder.path, "ca");
    temporary_path(&broker->folder, "ca.crt", broker->ca_file);
    return broker->authority &&
           authority_issue(broker->authority, "broker", "IP:127.0.0.1,DNS:localhost");
}

static bool start_on_a_free_port(struct broker *broker)
{
    for (int attempt = 0; attempt < PORT_ATTEMPTS; attempt++) {
        broker->port = free_port();
        if (!write_config(broker))
            return false;
        if (launch(broker)) {
            snprintf(broker->url, sizeof broker->url, "%s://127.0.0.1:%u",
                     broker->options.tls ? "mqtts" : "mqtt", (unsigned)broker->port);
            return true;
        }
    }
    fprintf(stderr, "test support: the broker does not start\n");
    broker_print_log(broker);
    return false;
}

struct broker *broker_start(const struct broker_options *options)
{
    struct broker *broker = calloc(1, sizeof *broker);
    if (!broker)
        return NULL;
    broker->options = *options;
    broker->process = PROCESS_NONE;
    temporary_init(&broker->folder);
    if ((options->tls && !prepare_tls(broker)) || !start_on_a_free_port(broker)) {
        broker_free(broker);
        return NULL;
    }
    return broker;
}

void broker_free(struct broker *broker)
{
    if (!broker)
        return;
    process_fini(&broker->process);
    authority_free(broker->authority);
    temporary_fini(&broker->folder);
    free(broker);
}

bool broker_stop(struct broker *broker)
{
    return process_stop(&broker->process);
}

void broker_kill(struct broker *broker)
{
    process_kill(&broker->process);
}

bool broker_restart(struct broker *broker)
{
    broker_stop(broker);
    return broker_resume(broker);
}

void broker_freeze(struct broker *broker)
{
    process_signal(&broker->process, SIGSTOP);
}

void broker_thaw(struct broker *broker)
{
    process_signal(&broker->process, SIGCONT);
}

const char *broker_url(const struct broker *broker)
{
    return broker->url;
}

uint16_t broker_port(const struct broker *broker)
{
    return broker->port;
}

pid_t broker_pid(const struct broker *broker)
{
    return broker->process.pid;
}

const char *broker_folder(const struct broker *broker)
{
    return broker->folder.path;
}

const char *broker_ca_file(const struct broker *broker)
{
    return broker->ca_file;
}

bool broker_client(struct broker *broker, const char *name, char ret_certificate_file[256],
                   char ret_key_file[256])
{
    char file[128];
    snprintf(file, sizeof file, "%s.crt", name);
    temporary_path(&broker->folder, file, ret_certificate_file);
    snprintf(file, sizeof file, "%s.key", name);
    temporary_path(&broker->folder, file, ret_key_file);
    return access(ret_key_file, R_OK) == 0 || authority_issue(broker->authority, name, NULL);
}

void broker_print_log(const struct broker *broker)
{
    char text[16384];
    fprintf(stderr, "%s", temporary_read(&broker->folder, "mosquitto.out", text, sizeof text));
    fprintf(stderr, "%s", temporary_read(&broker->folder, "mosquitto.log", text, sizeof text));
}
