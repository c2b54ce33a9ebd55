// SPDX-License-Identifier: Apache-2.0
// The two folders between testers and the order service: requests (ORDER.req, holding the product)
// and orders (ORDER.ord). Every file appears whole, by rename, or not at all.
//
// Ownership: none; caller's buffers. Thread: any. Failure: a status, with errno as the system left
// it, so that a tester can tell a missing file from a dead share.
#ifndef SIM_ORDERS_ORDER_FOLDER_H
#define SIM_ORDERS_ORDER_FOLDER_H

#include "base/status.h"
#include "domain/ids.h"

#include <stdbool.h>
#include <stddef.h>

#define REQUEST_SUFFIX ".req"
#define ORDER_SUFFIX   ".ord"
enum { ORDER_FILE_MAX_BYTES = 4096, ORDER_PATH_SIZE = 512 };

// FOLDER/NAME SUFFIX. False: too long for `out`.
bool order_path(char out[ORDER_PATH_SIZE], const char *folder, const char *name,
                const char *suffix);
// The order of a file name that ends in `suffix`. False: not such a name, or no valid order in it.
bool order_of_file_name(const char *file_name, const char *suffix, char ret_order[ID_SIZE]);

// Writes FOLDER/NAME SUFFIX so that a reader sees all of it or nothing.
MUST_CHECK enum status order_file_write(const char *folder, const char *name, const char *suffix,
                                        const char *content);
// Reads a whole small file as text. STATUS_NOT_FOUND, STATUS_DENIED or STATUS_IO by errno,
// STATUS_FULL: larger than the buffer, STATUS_CORRUPT: bytes that are no text.
MUST_CHECK enum status order_file_read(const char *path, char *out, size_t size);

#endif
