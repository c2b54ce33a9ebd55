// SPDX-License-Identifier: Apache-2.0
// One enum for every result a function of ours can report, with its text in one table.
//
// Ownership: none. Thread: any. Failure: these ARE the failures; what a caller needs beyond the
// kind (a line number, a path) travels in an out-parameter of the function that failed.
#ifndef BASE_STATUS_H
#define BASE_STATUS_H

// name, text, process exit code (sysexits.h where one fits; DESIGN section 8)
#define STATUS_MAP(X)                                                                              \
    X(STATUS_OK, "ok", 0)                                                                          \
    X(STATUS_INVALID, "invalid input", 2)                                                          \
    X(STATUS_FULL, "limit reached", 69)                                                            \
    X(STATUS_NOT_FOUND, "not found", 1)                                                            \
    X(STATUS_EXISTS, "already exists", 1)                                                          \
    X(STATUS_NO_MEMORY, "out of memory", 69)                                                       \
    X(STATUS_IO, "input/output error", 69)                                                         \
    X(STATUS_TIMEOUT, "deadline passed", 69)                                                       \
    X(STATUS_DENIED, "permission denied", 77)                                                      \
    X(STATUS_UNAVAILABLE, "unavailable", 69)                                                       \
    X(STATUS_CORRUPT, "corrupt data", 69)                                                          \
    X(STATUS_CONFIG, "configuration error", 78)                                                    \
    X(STATUS_UNSUPPORTED, "not supported on this platform", 69)

enum status {
#define STATUS_ENUM(name, text, code) name,
    STATUS_MAP(STATUS_ENUM)
#undef STATUS_ENUM
};

// A result that must not be dropped on the floor.
#define MUST_CHECK __attribute__((warn_unused_result))

// Static text for a person, never NULL; "unknown status" for a value outside the enum.
const char *status_text(enum status status);

// Exit code for a program that ends because of `status`.
int status_exit_code(enum status status);

#endif
