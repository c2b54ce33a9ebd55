// SPDX-License-Identifier: Apache-2.0
// The shared settings table.
#include "sample.h"

#include <string.h>

static const char *const modes[] = {"watch", "start", "restart", NULL};

static const char *check_site(const char *value)
{
    return strchr(value, '/') != NULL ? "a site has no slash" : NULL;
}

static const struct setting share_settings[] = {
    SETTING_TEXT(struct sample_share, name, "name", .required = true, .help = "the share's name"),
    SETTING_DURATION(struct sample_share, limit, "limit", .preset = "1s", .help = "its deadline"),
};

static const struct setting service_settings[] = {
    SETTING_TEXT(struct sample_service, server, "server", .required = true, .help = "its server"),
    SETTING_TEXT(struct sample_service, share_path, "share.path", .help = "where it writes"),
    SETTING_INTEGER(struct sample_service, weight, "weight", .preset = "1", .help = "its share"),
    SETTING_LIST(struct sample_service, shares, share_count, "shares", share_settings,
                 .help = "shares it fills"),
    SETTING_TEXT_LIST(struct sample_service, tags, tag_count, "tags", .help = "words for people"),
};

const struct setting sample_settings[SAMPLE_SETTINGS] = {
    SETTING_TEXT(struct sample, site, "site", .required = true, .check = check_site,
                 .help = "the site's id"),
    SETTING_TEXT(struct sample, url, "broker.url", .preset = "mqtt://127.0.0.1:1883",
                 .help = "the broker | its address"),
    SETTING_SECRET(struct sample, password_file, "broker.login.password_file",
                   .help = "the broker's password"),
    SETTING_BOOL(struct sample, repair, "repair", .preset = "true", .help = "starts services"),
    SETTING_INTEGER(struct sample, retries, "retries", .preset = "3", .min = 1, .max = 10,
                    .unit = "tries", .help = "how often"),
    SETTING_INTEGER(struct sample, ceiling, "ceiling", .min = 5, .help = "no preset, only a min"),
    SETTING_REAL(struct sample, rate, "rate", .preset = "0.25", .min = -1, .max = 1,
                 .help = "how much"),
    SETTING_DURATION(struct sample, interval, "broker.interval", .preset = "5s", .min = 0.1,
                     .max = 3600, .help = "how long"),
    SETTING_DURATION(struct sample, deepest, "a.b.c.deepest", .help = "far below"),
    SETTING_CHOICE(struct sample, mode, "mode", modes, .preset = "start", .help = "what it does"),
    SETTING_LIST(struct sample, services, service_count, "services", service_settings,
                 .help = "the services"),
    SETTING_TEXT_LIST(struct sample, days, day_count, "days", .preset = "[mon, tue]",
                      .help = "working days"),
};
