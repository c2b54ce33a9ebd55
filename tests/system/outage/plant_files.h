// SPDX-License-Identifier: Apache-2.0
// The configuration files of the plant, written into its folder.
//
// Ownership: none. Thread: any. Failure: the test fails.
#ifndef TESTS_SYSTEM_OUTAGE_PLANT_FILES_H
#define TESTS_SYSTEM_OUTAGE_PLANT_FILES_H

#include "tests/support/temporary.h"

#define PLANT_SITE    "plant"
#define PLANT_SERVER  "ETS-SRV-01"
#define PLANT_SERVICE "OrderGeneration"

// "ETS-001" for index 0.
const char *plant_station(int index, char out[16]);

void plant_write_files(const struct temporary *folder, const char *broker_url);

#endif
