// SPDX-License-Identifier: Apache-2.0
// The address of a broker, parsed.
#include "runtime/mqtt/url.h"

#include <stdio.h>
#include <string.h>
#include <uv.h>

static const struct {
    const char *prefix;
    bool tls;
} SCHEMES[] = {{"mqtt://", false}, {"mqtts://", true}, {"tcp://", false}, {"ssl://", true}};

enum { PORT_PLAIN = 1883, PORT_TLS = 8883 };

static const char PROBLEM_SCHEME[] =
    "a broker's address begins with mqtt:// or, for TLS, mqtts://, as in mqtts://broker:8883";
static const char PROBLEM_LOGIN[] =
    "a user name does not belong in the address; it has settings of its own";
static const char PROBLEM_PATH[] = "nothing may follow the port; write mqtt://HOST:PORT";
static const char PROBLEM_HOST[] =
    "the host is missing or has characters no host name has; write mqtt://HOST:PORT";
static const char PROBLEM_LONG[] = "the host name is longer than 255 characters";
static const char PROBLEM_IPV6[] =
    "not an IPv6 address in brackets; write it as in mqtt://[2001:db8::1]:1883";
static const char PROBLEM_PORT[] = "the port has to be a number from 1 to 65535";

static const char *skip_scheme(const char *url, bool *ret_tls)
{
    for (size_t i = 0; i < sizeof SCHEMES / sizeof SCHEMES[0]; i++) {
        size_t length = strlen(SCHEMES[i].prefix);
        if (strncmp(url, SCHEMES[i].prefix, length) == 0) {
            *ret_tls = SCHEMES[i].tls;
            return url + length;
        }
    }
    return NULL;
}

static bool is_host_character(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_';
}

static const char *copy_host(const char *host, size_t length, struct mqtt_url *url)
{
    if (length == 0)
        return PROBLEM_HOST;
    if (length >= sizeof url->host)
        return PROBLEM_LONG;
    memcpy(url->host, host, length);
    url->host[length] = '\0';
    return NULL;
}

// Reads the host at *cursor and moves it behind; gives the problem or NULL.
static const char *parse_host(const char **cursor, struct mqtt_url *url)
{
    const char *start = *cursor;
    if (*start == '[') {
        size_t length = strcspn(start + 1, "]");
        unsigned char address[16];
        if (start[1 + length] != ']' || copy_host(start + 1, length, url) != NULL ||
            strchr(url->host, '%') || uv_inet_pton(AF_INET6, url->host, address) != 0)
            return PROBLEM_IPV6;
        url->ipv6 = true;
        *cursor = start + length + 2;
        return NULL;
    }
    if (strchr(start, ':') != strrchr(start, ':'))
        return PROBLEM_IPV6; // two colons without brackets
    const char *end = start;
    while (is_host_character(*end))
        end++;
    *cursor = end;
    return copy_host(start, (size_t)(end - start), url);
}

static const char *parse_port(const char *text, uint16_t *ret_port)
{
    unsigned port = 0;
    if (*text == '\0')
        return PROBLEM_PORT;
    for (; *text; text++) {
        if (*text == '/')
            return PROBLEM_PATH;
        if (*text < '0' || *text > '9')
            return PROBLEM_PORT;
        port = port * 10 + (unsigned)(*text - '0');
        if (port > UINT16_MAX)
            return PROBLEM_PORT;
    }
    if (port == 0)
        return PROBLEM_PORT;
    *ret_port = (uint16_t)port;
    return NULL;
}

static const char *parse(const char *text, struct mqtt_url *url)
{
    const char *cursor = skip_scheme(text, &url->tls);
    if (!cursor)
        return PROBLEM_SCHEME;
    if (strchr(cursor, '@'))
        return PROBLEM_LOGIN;
    const char *problem = parse_host(&cursor, url);
    if (problem)
        return problem;
    url->port = url->tls ? PORT_TLS : PORT_PLAIN;
    switch (*cursor) {
    case '\0':
        return NULL;
    case ':':
        return parse_port(cursor + 1, &url->port);
    case '/':
    case '?':
    case '#':
        return PROBLEM_PATH;
    default:
        return PROBLEM_HOST;
    }
}

enum status mqtt_url_parse(const char *url, struct mqtt_url *ret_url, const char **ret_problem)
{
    struct mqtt_url parsed = {0};
    const char *problem = parse(url ? url : "", &parsed);
    if (!problem) {
        *ret_url = parsed;
        return STATUS_OK;
    }
    if (ret_problem)
        *ret_problem = problem;
    return STATUS_INVALID;
}

const char *mqtt_url_format(const struct mqtt_url *url, const char *plain, const char *tls,
                            char out[MQTT_URL_SIZE])
{
    snprintf(out, MQTT_URL_SIZE, url->ipv6 ? "%s://[%s]:%u" : "%s://%s:%u", url->tls ? tls : plain,
             url->host, (unsigned)url->port);
    return out;
}
