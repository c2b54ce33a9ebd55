// SPDX-License-Identifier: Apache-2.0
// Certificates for tests: an authority of one's own and what it signs, as PEM files in a folder.
//
// Ownership: the caller frees the authority; the files belong to the folder. Thread: one at a
// time. Failure: NULL or false, with the reason on standard error.
#ifndef TESTS_SUPPORT_CERTIFICATES_H
#define TESTS_SUPPORT_CERTIFICATES_H

#include <stdbool.h>

struct authority;

// Writes NAME.crt into `folder`; the authority's key stays in memory.
struct authority *authority_new(const char *folder, const char *name);
void authority_free(struct authority *authority);

// Writes NAME.crt and NAME.key into the authority's folder, common name NAME; valid from yesterday
// for a year. `alternative_names` is openssl's list, "IP:127.0.0.1,DNS:localhost", or NULL (a
// client).
bool authority_issue(struct authority *authority, const char *name, const char *alternative_names);

#endif
