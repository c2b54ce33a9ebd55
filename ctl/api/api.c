// SPDX-License-Identifier: Apache-2.0
// Asking the collector, by libcurl: bounded bodies, and errors that say what to do.
#include "ctl/api/api.h"

#include "base/text.h"
#include "ctl/view/complain.h"

#include <curl/curl.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DEFAULT_URL "http://127.0.0.1:8080"
enum { URL_SIZE = 1024, TOKEN_SIZE = 512, HEADER_SIZE = TOKEN_SIZE + 32, TIMEOUT_S = 15 };

struct api {
    CURL *curl;
    struct curl_slist *headers;
    char base[URL_SIZE];
};

struct receiver {
    struct api_body body;
    size_t capacity;
    bool too_large;
};

// The token's first line as an Authorization header.
static enum status add_token(struct api *api, const char *path, char *problem)
{
    char token[TOKEN_SIZE] = "", header[HEADER_SIZE];
    FILE *file = fopen(path, "r");
    if (file == NULL || fgets(token, sizeof token, file) == NULL) {
        snprintf(problem, API_PROBLEM_SIZE, "cannot read the token file %.300s: %s", path,
                 file == NULL ? strerror(errno) : "it is empty");
        if (file != NULL)
            fclose(file);
        return STATUS_DENIED;
    }
    fclose(file);
    token[strcspn(token, "\r\n")] = '\0';
    snprintf(header, sizeof header, "Authorization: Bearer %s", token);
    struct curl_slist *headers = curl_slist_append(api->headers, header);
    if (headers == NULL)
        return STATUS_NO_MEMORY;
    api->headers = headers;
    return STATUS_OK;
}

static const char *first_of(const char *given, const char *variable, const char *preset)
{
    if (given != NULL)
        return given;
    const char *set = getenv(variable);
    return set != NULL && set[0] != '\0' ? set : preset;
}

static enum status set_base(struct api *api, const char *url, char *problem)
{
    size_t length = strlen(url);
    while (length > 0 && url[length - 1] == '/')
        length--;
    bool is_http = strncmp(url, "http://", 7) == 0 || strncmp(url, "https://", 8) == 0;
    if (!is_http || length >= sizeof api->base) {
        snprintf(problem, API_PROBLEM_SIZE, "'%.300s' is no http:// or https:// address", url);
        return STATUS_INVALID;
    }
    memcpy(api->base, url, length);
    api->base[length] = '\0';
    return STATUS_OK;
}

static size_t receive(char *data, size_t one, size_t count, void *context)
{
    struct receiver *receiver = context;
    size_t size = one * count, wanted = receiver->body.size + size + 1;
    if (wanted > API_BODY_MAX) {
        receiver->too_large = true;
        return 0;
    }
    if (wanted > receiver->capacity) {
        size_t capacity = wanted * 2;
        char *grown = realloc(receiver->body.data, capacity);
        if (grown == NULL)
            return 0;
        receiver->body.data = grown;
        receiver->capacity = capacity;
    }
    memcpy(receiver->body.data + receiver->body.size, data, size);
    receiver->body.size += size;
    receiver->body.data[receiver->body.size] = '\0';
    return size;
}

enum status api_open(const struct arguments *arguments, struct api **ret_api,
                     char problem[API_PROBLEM_SIZE])
{
    struct api *api = calloc(1, sizeof *api);
    if (api == NULL || (api->curl = curl_easy_init()) == NULL) {
        free(api);
        snprintf(problem, API_PROBLEM_SIZE, "%s", status_text(STATUS_NO_MEMORY));
        return STATUS_NO_MEMORY;
    }
    const char *url = first_of(arguments->value[API_URL], "STATIONWATCH_URL", DEFAULT_URL);
    const char *token_file =
        first_of(arguments->value[API_TOKEN_FILE], "STATIONWATCH_TOKEN_FILE", NULL);
    enum status status = set_base(api, url, problem);
    if (status == STATUS_OK && token_file != NULL)
        status = add_token(api, token_file, problem);
    if (status != STATUS_OK) {
        api_close(api);
        return status;
    }
    curl_easy_setopt(api->curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(api->curl, CURLOPT_TIMEOUT, (long)TIMEOUT_S);
    curl_easy_setopt(api->curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(api->curl, CURLOPT_PROXY, ""); // a collector is in the plant, never behind one
    curl_easy_setopt(api->curl, CURLOPT_HTTPHEADER, api->headers);
    curl_easy_setopt(api->curl, CURLOPT_WRITEFUNCTION, receive);
    *ret_api = api;
    return STATUS_OK;
}

void api_close(struct api *api)
{
    if (api == NULL)
        return;
    curl_easy_cleanup(api->curl);
    curl_slist_free_all(api->headers);
    free(api);
}

static enum status judge_transport(const struct api *api, CURLcode code, bool too_large,
                                   char *problem)
{
    if (too_large) {
        snprintf(problem, API_PROBLEM_SIZE, "the answer of %.300s is larger than %d MB", api->base,
                 API_BODY_MAX >> 20);
        return STATUS_FULL;
    }
    snprintf(problem, API_PROBLEM_SIZE,
             "no collector answers at %.300s (%s); is stationwatch-collector running there? Name "
             "another with --url or STATIONWATCH_URL",
             api->base, curl_easy_strerror(code));
    return STATUS_UNAVAILABLE;
}

static enum status judge_answer(const struct api *api, long code, const char *path,
                                const struct api_body *body, char *problem)
{
    if (code >= 200 && code < 300)
        return STATUS_OK;
    const char *said = body->data == NULL ? "" : body->data;
    int shown = (int)strcspn(said, "\r\n");
    if (code == 404) {
        snprintf(problem, API_PROBLEM_SIZE, "%.200s has no %.200s", api->base, path);
        return STATUS_NOT_FOUND;
    }
    if (code == 401 || code == 403) {
        snprintf(problem, API_PROBLEM_SIZE,
                 "%.200s wants a login; name its token with --token-file", api->base);
        return STATUS_DENIED;
    }
    snprintf(problem, API_PROBLEM_SIZE, "%.200s answered %ld to %.100s: %.*s", api->base, code,
             path, shown > 200 ? 200 : shown, said);
    return code >= 500 ? STATUS_UNAVAILABLE : STATUS_INVALID;
}

enum status api_get(struct api *api, const char *path, struct api_body *ret_body,
                    char problem[API_PROBLEM_SIZE])
{
    char url[URL_SIZE * 2];
    snprintf(url, sizeof url, "%s%s", api->base, path);
    struct receiver receiver = {0};
    curl_easy_setopt(api->curl, CURLOPT_URL, url);
    curl_easy_setopt(api->curl, CURLOPT_WRITEDATA, &receiver);
    CURLcode code = curl_easy_perform(api->curl);
    long answer = 0;
    curl_easy_getinfo(api->curl, CURLINFO_RESPONSE_CODE, &answer);
    enum status status = code == CURLE_OK ? judge_answer(api, answer, path, &receiver.body, problem)
                                          : judge_transport(api, code, receiver.too_large, problem);
    if (status == STATUS_OK && receiver.body.data == NULL) {
        snprintf(problem, API_PROBLEM_SIZE, "%.200s answered nothing to %.200s", api->base, path);
        status = STATUS_CORRUPT;
    }
    if (status != STATUS_OK) {
        free(receiver.body.data);
        return status;
    }
    *ret_body = receiver.body;
    return STATUS_OK;
}

bool api_path(char *out, size_t size, const char *before, const char *segment, const char *after)
{
    struct text path;
    text_init(&path, out, size);
    text_append(&path, before);
    for (const unsigned char *c = (const unsigned char *)segment; *c != '\0'; c++) {
        bool plain = (*c >= 'A' && *c <= 'Z') || (*c >= 'a' && *c <= 'z') ||
                     (*c >= '0' && *c <= '9') || strchr("-_.~", *c) != NULL;
        if (plain)
            text_append_bytes(&path, (const char *)c, 1);
        else
            text_printf(&path, "%%%02X", *c);
    }
    text_append(&path, after);
    return !path.truncated;
}

enum status api_fetch(const struct arguments *arguments, const char *path,
                      struct api_body *ret_body)
{
    char problem[API_PROBLEM_SIZE];
    struct api *api;
    enum status status = api_open(arguments, &api, problem);
    if (status == STATUS_OK) {
        status = api_get(api, path, ret_body, problem);
        api_close(api);
    }
    if (status != STATUS_OK)
        complain("%s", problem);
    return status;
}
