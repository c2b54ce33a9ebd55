// SPDX-License-Identifier: Apache-2.0
// Texts and exit codes of the status enum, generated from its one table.
#include "base/status.h"

#include <stddef.h>

static const struct {
    const char *text;
    int exit_code;
} statuses[] = {
#define STATUS_ROW(name, text, code) [name] = {text, code},
    STATUS_MAP(STATUS_ROW)
#undef STATUS_ROW
};

static const size_t status_count = sizeof statuses / sizeof statuses[0];

const char *status_text(enum status status)
{
    return (size_t)status < status_count ? statuses[status].text : "unknown status";
}

int status_exit_code(enum status status)
{
    return (size_t)status < status_count ? statuses[status].exit_code : 69;
}
