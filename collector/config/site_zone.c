// SPDX-License-Identifier: Apache-2.0
// Time zones by the system's own database.
#include "collector/config/site_zone.h"

#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define ZONE_FOLDER "/usr/share/zoneinfo/"

const char *site_zone_problem(const char *zone)
{
    if (text_equal(zone, "UTC"))
        return NULL;
    if (zone[0] == '\0' || zone[0] == '/' || strstr(zone, "..") != NULL)
        return "is not the name of a time zone; write one as Europe/Berlin or UTC";
    char path[512];
    int length = snprintf(path, sizeof path, ZONE_FOLDER "%s", zone);
    if (length < 0 || (size_t)length >= sizeof path || access(path, R_OK) != 0)
        return "is not in " ZONE_FOLDER "; write a name as Europe/Berlin, or install tzdata";
    return NULL;
}

void site_zone_use(const char *zone)
{
    // Out of memory leaves UTC, which the shown offset then says.
    if (setenv("TZ", zone, 1) == 0)
        tzset();
}

int site_zone_offset_minutes(struct wall_time at)
{
    time_t seconds = (time_t)(at.ms / 1000);
    struct tm local;
    if (localtime_r(&seconds, &local) == NULL)
        return 0;
    return (int)(local.tm_gmtoff / 60);
}
