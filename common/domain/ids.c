// SPDX-License-Identifier: Apache-2.0
// The id grammar of DESIGN section 4: what every MQTT broker, clustered ones too, accepts as a
// level.
#include "domain/ids.h"

#include <string.h>

static bool is_alnum(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

const char *id_problem(const char *id)
{
    size_t length = strlen(id);
    if (length == 0)
        return "is empty; it needs 1 to 64 of A-Z a-z 0-9 _ -";
    if (length >= ID_SIZE)
        return "is longer than 64 characters";
    if (!is_alnum(id[0]))
        return "must begin with a letter or digit";
    for (size_t i = 1; i < length; i++)
        if (!is_alnum(id[i]) && id[i] != '_' && id[i] != '-')
            return "has a character other than A-Z a-z 0-9 _ -";
    return NULL;
}

bool id_is_valid(const char *id)
{
    return id_problem(id) == NULL;
}
