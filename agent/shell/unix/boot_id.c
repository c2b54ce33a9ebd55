// SPDX-License-Identifier: Apache-2.0
// The boot id as the Linux kernel gives it.
#include "agent/shell/host.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>

enum status host_boot_id(char out[ID_SIZE])
{
    FILE *file = fopen("/proc/sys/kernel/random/boot_id", "re");
    if (file == NULL)
        return STATUS_UNAVAILABLE;
    char line[ID_SIZE] = "";
    char *got = fgets(line, sizeof line, file);
    fclose(file);
    line[strcspn(line, "\n")] = '\0';
    if (got == NULL || line[0] == '\0')
        return STATUS_UNAVAILABLE;
    text_copy(out, ID_SIZE, line);
    return STATUS_OK;
}
