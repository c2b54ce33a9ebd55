// SPDX-License-Identifier: Apache-2.0
// Temporary folders and files for tests.
//
// Ownership: the caller's storage; temporary_fini removes the folder and all in it. Thread: any.
// Failure: a test cannot go on without a folder, so the program ends with a message.
#ifndef TESTS_SUPPORT_TEMPORARY_H
#define TESTS_SUPPORT_TEMPORARY_H

#include <stddef.h>

enum { TEMPORARY_PATH_SIZE = 256 };

struct temporary {
    char path[TEMPORARY_PATH_SIZE]; // "/tmp/stationwatch-test-XXXXXX", mode 0700
};

void temporary_init(struct temporary *folder);
void temporary_fini(struct temporary *folder);

// The path of `name` inside the folder, into `out`.
const char *temporary_path(const struct temporary *folder, const char *name,
                           char out[TEMPORARY_PATH_SIZE]);
// Writes the text as a whole file inside the folder and gives its path in `out`.
const char *temporary_write(const struct temporary *folder, const char *name, const char *text,
                            char out[TEMPORARY_PATH_SIZE]);
// The whole file as text of at most `size` - 1 bytes; an absent file is the empty text.
const char *temporary_read(const struct temporary *folder, const char *name, char *out,
                           size_t size);

#endif
