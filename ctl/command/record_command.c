// SPDX-License-Identifier: Apache-2.0
// `stationwatch record`: writes what the bus shows until Ctrl-C, for replay.
#include "ctl/commands.h"
#include "ctl/trace/recorder.h"
#include "ctl/view/complain.h"
#include "domain/ids.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    BROKER,
    SITE,
    OUTPUT,
    CLIENT_ID,
    USERNAME,
    PASSWORD_FILE,
    CA_FILE,
    CERTIFICATE_FILE,
    KEY_FILE,
};
enum { RECEIVE_QUEUE_MESSAGES = 200000, SECRET_SIZE = 256 };

static const struct argument record_arguments[] = {
    ARGUMENT("broker", "URL", "mqtt://host:1883 or mqtts://host:8883", .required = true),
    ARGUMENT("site", "SITE", "which site to record", .required = true),
    ARGUMENT("output", "FILE", "where to, instead of standard output; never over a recording"),
    ARGUMENT("client-id", "ID", "name to connect with (default stationwatch-record-PID)"),
    ARGUMENT("username", "NAME", "logon at the broker"),
    ARGUMENT("password-file", "FILE", "holds the password"),
    ARGUMENT("ca-file", "FILE", "certificate authority of the broker"),
    ARGUMENT("certificate-file", "FILE", "client certificate"),
    ARGUMENT("key-file", "FILE", "the certificate's key"),
};

struct recording {
    struct recorder *recorder;
    struct recorder_counters counters;
    uv_signal_t interrupt, terminate;
    bool stopping, failed;
};

static void stop(struct recording *recording)
{
    if (recording->stopping)
        return;
    recording->stopping = true;
    recording->counters = recorder_counters(recording->recorder);
    recorder_close(recording->recorder);
    uv_close((uv_handle_t *)&recording->interrupt, NULL);
    uv_close((uv_handle_t *)&recording->terminate, NULL);
}

static void on_signal(uv_signal_t *signal, int number)
{
    (void)number;
    stop(signal->data);
}

static void on_link(void *context, bool up, const char *reason)
{
    (void)context;
    if (up)
        complain("records; Ctrl-C ends");
    else
        complain("no link to the broker (%s); tries again", reason);
}

static void on_failed(void *context, const char *problem)
{
    struct recording *recording = context;
    complain("cannot write the recording: %s", problem);
    recording->failed = true;
    stop(recording);
}

static void on_closed(void *context)
{
    (void)context;
}

// Opens the file for a new recording; one that already holds something is left alone.
static FILE *open_output(const char *path)
{
    struct stat info;
    if (path == NULL || strcmp(path, "-") == 0)
        return stdout;
    if (stat(path, &info) == 0 && S_ISREG(info.st_mode) && info.st_size > 0) {
        complain("%s exists already; choose another name", path);
        return NULL;
    }
    FILE *file = fopen(path, "w");
    if (file == NULL)
        complain("cannot write %s: %s", path, strerror(errno));
    return file;
}

// The first line of a file; NULL `path` is no secret.
static bool read_secret(const char *path, char secret[SECRET_SIZE])
{
    if (path == NULL)
        return true;
    FILE *file = fopen(path, "r");
    bool has_line = file != NULL && fgets(secret, SECRET_SIZE, file) != NULL;
    if (!has_line)
        complain("cannot read the password file %s: %s", path,
                 file == NULL ? strerror(errno) : "it is empty");
    if (file != NULL)
        fclose(file);
    secret[strcspn(secret, "\r\n")] = '\0';
    return has_line;
}

static void fill_settings(struct mqtt_settings *settings, const struct arguments *arguments,
                          const char *client_id, const char *password)
{
    *settings = (struct mqtt_settings){
        .url = arguments->value[BROKER],
        .client_id = client_id,
        .keepalive_s = 30,
        .connect_timeout = duration_s(10),
        .backoff_min = duration_ms(500),
        .backoff_max = duration_s(10),
        .jitter_seed = (uint64_t)getpid(),
        .username = arguments->value[USERNAME],
        .password = arguments->value[PASSWORD_FILE] == NULL ? NULL : password,
        .tls_ca_file = arguments->value[CA_FILE],
        .tls_certificate_file = arguments->value[CERTIFICATE_FILE],
        .tls_key_file = arguments->value[KEY_FILE],
        .receive_queue_messages = RECEIVE_QUEUE_MESSAGES,
        .send_window = 1,
    };
}

static int record(const struct mqtt_settings *settings, const char *site, FILE *file)
{
    uv_loop_t *loop = uv_default_loop();
    struct recording recording = {0};
    struct recorder_events events = {on_link, on_failed, on_closed, &recording};
    char problem[TEXT_SIZE];
    enum status status =
        recorder_open(loop, settings, site, file, &events, &recording.recorder, problem);
    if (status != STATUS_OK) {
        complain("%s", problem);
        return status_exit_code(status);
    }
    uv_signal_init(loop, &recording.interrupt);
    uv_signal_init(loop, &recording.terminate);
    recording.interrupt.data = recording.terminate.data = &recording;
    uv_signal_start(&recording.interrupt, on_signal, SIGINT);
    uv_signal_start(&recording.terminate, on_signal, SIGTERM);
    uv_run(loop, UV_RUN_DEFAULT);
    uv_loop_close(loop);
    complain("recorded %" PRIu64 " messages", recording.counters.messages);
    if (recording.counters.dropped > 0)
        complain("%" PRIu64 " messages came too fast and are missing", recording.counters.dropped);
    return recording.failed ? status_exit_code(STATUS_IO) : 0;
}

static int run(const struct arguments *arguments)
{
    const char *wrong = id_problem(arguments->value[SITE]);
    if (wrong != NULL) {
        complain("--site '%s' %s", arguments->value[SITE], wrong);
        return status_exit_code(STATUS_INVALID);
    }
    char password[SECRET_SIZE] = "", made_id[ID_SIZE];
    if (!read_secret(arguments->value[PASSWORD_FILE], password))
        return status_exit_code(STATUS_CONFIG);
    snprintf(made_id, sizeof made_id, "stationwatch-record-%ld", (long)getpid());
    const char *client_id = arguments->value[CLIENT_ID];
    struct mqtt_settings settings;
    fill_settings(&settings, arguments, client_id == NULL ? made_id : client_id, password);
    FILE *file = open_output(arguments->value[OUTPUT]);
    if (file == NULL)
        return status_exit_code(STATUS_IO);
    int code = record(&settings, arguments->value[SITE], file);
    if (file != stdout && fclose(file) != 0 && code == 0) {
        complain("cannot finish %s: %s", arguments->value[OUTPUT], strerror(errno));
        code = status_exit_code(STATUS_IO);
    }
    return code;
}

const struct subcommand record_command = {
    .name = "record",
    .operands = "",
    .help = "writes what the bus shows as a trace, until Ctrl-C",
    .arguments = record_arguments,
    .argument_count = sizeof record_arguments / sizeof record_arguments[0],
    .run = run,
};
