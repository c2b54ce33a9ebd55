// SPDX-License-Identifier: Apache-2.0
// A folder of its own for a test, removed with its files afterwards.
//
// Ownership: the caller's struct. Thread: any. Failure: the test fails.
#ifndef TESTS_UNIT_SIM_TEMPORARY_FOLDER_H
#define TESTS_UNIT_SIM_TEMPORARY_FOLDER_H

#include <stdbool.h>

struct temporary_folder {
    char path[200], requests[256], orders[256], logs[256];
};

void temporary_folder_make(struct temporary_folder *folder);
void temporary_folder_remove(const struct temporary_folder *folder);

#endif
