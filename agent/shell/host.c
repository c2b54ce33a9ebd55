// SPDX-License-Identifier: Apache-2.0
// The machine's names and random bits, by libuv.
#include "agent/shell/host.h"

#include "base/text.h"

#include <uv.h>

void host_name(char out[NAME_SIZE])
{
    char name[UV_MAXHOSTNAMESIZE];
    size_t size = sizeof name;
    bool known = uv_os_gethostname(name, &size) == 0 && name[0] != '\0';
    text_copy(out, NAME_SIZE, known ? name : "unknown");
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

void host_platform(char out[NAME_SIZE])
{
    uv_utsname_t system;
    struct text text;
    text_init(&text, out, NAME_SIZE);
    if (uv_os_uname(&system) != 0) {
        text_append(&text, "unknown");
        return;
    }
    text_printf(&text, "%s %s", system.sysname, system.machine);
    for (char *c = out; *c != '\0'; c++)
        *c = lower(*c);
}

static char node_character(char c)
{
    if (c >= 'a' && c <= 'z')
        return (char)(c - 'a' + 'A');
    bool kept = (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    return kept ? c : '-';
}

void host_node(const char *name, char out[ID_SIZE])
{
    size_t length = 0;
    for (const char *c = name; *c != '\0' && *c != '.' && length + 1 < ID_SIZE; c++) {
        char kept = node_character(*c);
        // An id begins with a letter or a digit.
        if (length > 0 || (kept != '-' && kept != '_'))
            out[length++] = kept;
    }
    out[length] = '\0';
}

enum status host_random(uint64_t *ret)
{
    return uv_random(NULL, NULL, ret, sizeof *ret, 0, NULL) == 0 ? STATUS_OK : STATUS_UNAVAILABLE;
}
