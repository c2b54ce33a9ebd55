// SPDX-License-Identifier: Apache-2.0
// A test's own folders for requests, orders and logs.
#include "temporary_folder.h"

#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <cmocka.h>

void temporary_folder_make(struct temporary_folder *folder)
{
    const char *base = getenv("TMPDIR");
    snprintf(folder->path, sizeof folder->path, "%.150s/stationwatch-sim-XXXXXX",
             base == NULL ? "/tmp" : base);
    assert_non_null(mkdtemp(folder->path));
    snprintf(folder->requests, sizeof folder->requests, "%s/requests", folder->path);
    snprintf(folder->orders, sizeof folder->orders, "%s/orders", folder->path);
    snprintf(folder->logs, sizeof folder->logs, "%s/logs", folder->path);
    assert_int_equal(mkdir(folder->requests, 0755), 0);
    assert_int_equal(mkdir(folder->orders, 0755), 0);
    assert_int_equal(mkdir(folder->logs, 0755), 0);
}

static int remove_entry(const char *path, const struct stat *info, int kind, struct FTW *where)
{
    (void)info, (void)kind, (void)where;
    return remove(path);
}

void temporary_folder_remove(const struct temporary_folder *folder)
{
    assert_int_equal(nftw(folder->path, remove_entry, 16, FTW_DEPTH | FTW_PHYS), 0);
}
