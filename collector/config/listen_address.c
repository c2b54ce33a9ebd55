// SPDX-License-Identifier: Apache-2.0
// Parsing of listen addresses: numeric addresses only, so that nothing has to be resolved.
#include "collector/config/listen_address.h"

#include "base/text.h"

#include <arpa/inet.h>
#include <string.h>

static const char *const what_to_write =
    "is not an address to listen on; write one as 127.0.0.1:8080, [::1]:8080, :8080 or off";

static bool parse_port(const char *text, uint16_t *ret_port)
{
    unsigned value = 0;
    size_t digits = strlen(text);
    if (digits == 0 || digits > 5)
        return false;
    for (size_t i = 0; i < digits; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        value = value * 10 + (unsigned)(text[i] - '0');
    }
    if (value > UINT16_MAX)
        return false;
    *ret_port = (uint16_t)value;
    return true;
}

static bool is_address(const char *host)
{
    unsigned char bytes[sizeof(struct in6_addr)];
    return host[0] == '\0' || inet_pton(AF_INET, host, bytes) == 1 ||
           inet_pton(AF_INET6, host, bytes) == 1;
}

const char *listen_address_parse(const char *text, struct listen_address *ret_address)
{
    if (text_equal(text, LISTEN_OFF))
        return NULL;
    const char *colon = strrchr(text, ':');
    struct listen_address address = {0};
    if (colon == NULL || !parse_port(colon + 1, &address.port))
        return what_to_write;
    size_t length = (size_t)(colon - text);
    bool bracketed = length >= 2 && text[0] == '[' && text[length - 1] == ']';
    if (bracketed) {
        text++;
        length -= 2;
    }
    if (length >= sizeof address.host)
        return what_to_write;
    memcpy(address.host, text, length);
    if (!is_address(address.host) || (strchr(address.host, ':') != NULL) != bracketed)
        return what_to_write;
    *ret_address = address;
    return NULL;
}

const char *listen_address_problem(const char *text)
{
    struct listen_address address;
    return listen_address_parse(text, &address);
}
