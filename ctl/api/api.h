// SPDX-License-Identifier: Apache-2.0
// The collector's HTTP interface, as the commands ask it.
//
// Ownership: api_open gives an api to api_close; a body is the caller's to free. Thread: one at a
// time. Failure: a status whose exit code the command ends with, and one sentence on what to do in
// `problem`.
#ifndef CTL_API_API_H
#define CTL_API_API_H

#include "base/status.h"
#include "config/arguments.h"
#include "domain/ids.h"

#include <stddef.h>

enum { API_BODY_MAX = 64 << 20, API_PROBLEM_SIZE = 640 };

// What every command that asks the collector has first in its table.
#define API_ARGUMENTS                                                                              \
    ARGUMENT("url", "URL", "the collector (default: STATIONWATCH_URL, or http://127.0.0.1:8080)"), \
        ARGUMENT("token-file", "FILE",                                                             \
                 "holds the login token (default: STATIONWATCH_TOKEN_FILE)"),                      \
        FLAG("json", "the collector's own JSON, for scripts")
enum { API_URL, API_TOKEN_FILE, API_JSON, API_ARGUMENT_COUNT };

struct api;

struct api_body {
    char *data; // NUL-terminated
    size_t size;
};

MUST_CHECK enum status api_open(const struct arguments *arguments, struct api **ret_api,
                                char problem[API_PROBLEM_SIZE]);
// Takes NULL.
void api_close(struct api *api);
// GET of URL + path. STATUS_NOT_FOUND: no such thing; STATUS_DENIED: the login is missing or wrong;
// STATUS_UNAVAILABLE: nobody answers there.
MUST_CHECK enum status api_get(struct api *api, const char *path, struct api_body *ret_body,
                               char problem[API_PROBLEM_SIZE]);
// `segment` as a part of a path, percent-encoded. False: too long.
bool api_path(char *out, size_t size, const char *before, const char *segment, const char *after);

// Opens, gets, closes; complains itself. A command's usual way.
MUST_CHECK enum status api_fetch(const struct arguments *arguments, const char *path,
                                 struct api_body *ret_body);

#endif
