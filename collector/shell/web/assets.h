// SPDX-License-Identifier: Apache-2.0
// The files of web/static/, put into the program by embed.cmake.
//
// Ownership: static. Thread: any. Failure: none.
#ifndef COLLECTOR_SHELL_WEB_ASSETS_H
#define COLLECTOR_SHELL_WEB_ASSETS_H

#include <stddef.h>

struct asset {
    const char *path; // "/page.css"; "/" for index.html
    const char *type;
    const unsigned char *data;
    size_t size;
};

extern const struct asset assets[];
extern const size_t asset_count;

#endif
