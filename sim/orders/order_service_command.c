// SPDX-License-Identifier: Apache-2.0
// `stationwatch-sim order-service`: the order service as a process with a pid file, which stops on
// SIGTERM as a service does.
#include "runtime/log.h"
#include "sim/commands.h"
#include "sim/orders/order_folder.h"
#include "sim/orders/order_service.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { REQUESTS, ORDERS, PID_FILE, UPSTREAM };

static const struct argument order_service_arguments[] = {
    ARGUMENT("requests", "DIR", "folder of requests, ORDER.req holding a product",
             .required = true),
    ARGUMENT("orders", "DIR", "folder that order files ORDER.ord are written to", .required = true),
    ARGUMENT("pid-file", "FILE", "holds the process id while the service runs"),
    ARGUMENT("upstream", "DIR", "folder of PRODUCT.data; an order waits for its product's data"),
};

struct process {
    struct order_service *service;
    uv_signal_t terminate, interrupt;
};

static void stop(struct process *process)
{
    order_service_close(process->service, NULL, NULL);
    uv_close((uv_handle_t *)&process->terminate, NULL);
    uv_close((uv_handle_t *)&process->interrupt, NULL);
}

static void on_signal(uv_signal_t *signal, int number)
{
    struct process *process = signal->data;
    log_info("orders", "stops on signal %d after %" PRIu64 " orders", number,
             order_service_counters(process->service).made);
    stop(process);
}

static bool write_pid_file(const char *path)
{
    char beside[ORDER_PATH_SIZE];
    snprintf(beside, sizeof beside, "%s.%ld", path, (long)getpid());
    FILE *file = fopen(beside, "w");
    bool written = file != NULL && fprintf(file, "%ld\n", (long)getpid()) > 0;
    if (file != NULL && fclose(file) != 0)
        written = false;
    if (written && rename(beside, path) == 0)
        return true;
    log_error("orders", "cannot write the pid file %s: %s", path, strerror(errno));
    unlink(beside);
    return false;
}

static bool make_folder(const char *path)
{
    if (mkdir(path, 0755) == 0 || errno == EEXIST)
        return true;
    log_error("orders", "cannot make the folder %s: %s", path, strerror(errno));
    return false;
}

static void watch_signals(struct process *process, uv_loop_t *loop)
{
    uv_signal_init(loop, &process->terminate);
    uv_signal_init(loop, &process->interrupt);
    process->terminate.data = process->interrupt.data = process;
    uv_signal_start(&process->terminate, on_signal, SIGTERM);
    uv_signal_start(&process->interrupt, on_signal, SIGINT);
}

static int run(const struct arguments *arguments)
{
    struct order_service_settings settings = {
        .requests = arguments->value[REQUESTS],
        .orders = arguments->value[ORDERS],
        .upstream = arguments->value[UPSTREAM],
    };
    const char *pid_file = arguments->value[PID_FILE];
    if (!make_folder(settings.requests) || !make_folder(settings.orders))
        return status_exit_code(STATUS_IO);
    struct process process = {0};
    char problem[TEXT_SIZE];
    uv_loop_t *loop = uv_default_loop();
    enum status status = order_service_open(loop, &settings, &process.service, problem);
    if (status != STATUS_OK) {
        log_error("orders", "%s", problem);
        uv_run(loop, UV_RUN_DEFAULT); // what was opened halfway closes
        return status_exit_code(status);
    }
    watch_signals(&process, loop);
    int code = 0;
    if (pid_file != NULL && !write_pid_file(pid_file)) {
        code = status_exit_code(STATUS_IO);
        stop(&process);
    }
    log_info("orders", "makes orders in %s, pid %ld", settings.orders, (long)getpid());
    uv_run(loop, UV_RUN_DEFAULT);
    if (pid_file != NULL && code == 0)
        unlink(pid_file);
    uv_loop_close(loop);
    return code;
}

const struct subcommand order_service_command = {
    .name = "order-service",
    .operands = "",
    .help = "makes order files from requests, as an order generation service does",
    .arguments = order_service_arguments,
    .argument_count = sizeof order_service_arguments / sizeof order_service_arguments[0],
    .run = run,
};
