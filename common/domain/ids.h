// SPDX-License-Identifier: Apache-2.0
// The grammar of names on the bus, and the spelling of components.
//
// Ownership: none. Thread: any. Failure: false, nothing written.
#ifndef DOMAIN_IDS_H
#define DOMAIN_IDS_H

#include <stdbool.h>
#include <stddef.h>

// Buffer sizes, terminator included.
#define ID_SIZE        65  // a site or node id: 1 to 64 characters
#define NAME_SIZE      97  // a service, label, order or product
#define TEXT_SIZE      257 // a detail or reason
#define COMPONENT_SIZE 200 // "label:KEY=VALUE" at its longest

// A site or node id: 1 to 64 of A-Z a-z 0-9 _ -, beginning with a letter or digit.
bool id_is_valid(const char *id);
// One sentence on what is wrong with `id`, for an error message; NULL when it is valid.
const char *id_problem(const char *id);

#endif
