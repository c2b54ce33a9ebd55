// SPDX-License-Identifier: Apache-2.0
// Settings of the MQTT client, and the log lines of its comings and goings.
#include "collector/shell/link.h"

#include "config/file.h"
#include "runtime/log.h"

#include <stdlib.h>
#include <string.h>

// The window is what the shipped broker configuration takes in flight (max_inflight_messages).
enum { RECEIVE_QUEUE = 65536, SEND_WINDOW = 1000 };

static const char *given(const char *text)
{
    return text[0] != '\0' ? text : NULL;
}

static enum status read_password(struct link *link, const char *path, char problem[TEXT_SIZE])
{
    struct config_error error;
    char *data;
    size_t size;
    enum status status = config_read_file(path, LINK_PASSWORD_SIZE - 1, &data, &size, &error);
    if (status != STATUS_OK) {
        struct text text;
        text_init(&text, problem, TEXT_SIZE);
        config_error_format(&error, &text);
        return status;
    }
    data[strcspn(data, "\r\n")] = '\0';
    text_set(link->password, data);
    memset(data, 0, size);
    free(data);
    return STATUS_OK;
}

enum status link_init(struct link *link, const struct broker_setting *broker, struct wall_time now,
                      uint64_t seed, char problem[TEXT_SIZE])
{
    *link = (struct link){.since = now};
    text_set(link->reason, "not connected yet");
    if (broker->password_file[0] != '\0') {
        enum status status = read_password(link, broker->password_file, problem);
        if (status != STATUS_OK)
            return status;
    }
    link->settings =
        (struct mqtt_settings){.url = broker->url,
                               .client_id = broker->client_id,
                               .keepalive_s = (uint32_t)(broker->keepalive.us / 1000000),
                               .connect_timeout = duration_s(5),
                               .backoff_min = duration_ms(200),
                               .backoff_max = duration_s(5), // one client: it may knock often
                               .jitter_seed = seed,
                               .username = given(broker->username),
                               .password = given(link->password),
                               .tls_ca_file = given(broker->ca_file),
                               .tls_certificate_file = given(broker->certificate_file),
                               .tls_key_file = given(broker->key_file),
                               .receive_queue_messages = RECEIVE_QUEUE,
                               .send_window = SEND_WINDOW};
    return STATUS_OK;
}

bool link_went_up(struct link *link, struct wall_time now, int protocol)
{
    log_info("link", "connected to %s (MQTT %s)", link->settings.url,
             protocol == 5 ? "5" : "3.1.1");
    bool changed = !link->up;
    link->up = link->known = true;
    link->protocol = protocol;
    link->since = now;
    link->reason[0] = '\0';
    return changed;
}

bool link_went_down(struct link *link, struct wall_time now, const char *reason)
{
    bool changed = link->up || !link->known;
    // While it stays down: one line per reason, not one per try.
    if (changed || !text_equal(link->reason, reason))
        log_warning("link", "no connection to the broker: %s; trying again", reason);
    if (changed)
        link->since = now;
    link->up = false;
    link->known = true;
    text_set(link->reason, reason);
    return changed;
}
