// SPDX-License-Identifier: Apache-2.0
// The certificate that this node connects with: until when it is good.
//
// Ownership: none. Thread: any; reads a small local file. Failure: 0, which is 'not known', for a
// file that is not there or holds no certificate: the connection itself will tell why.
#ifndef AGENT_SHELL_CERTIFICATE_H
#define AGENT_SHELL_CERTIFICATE_H

#include <stdint.h>

// The end of validity of the first certificate in a PEM file, Unix ms. `path` NULL or "": 0.
int64_t certificate_expires_at_ms(const char *path);

#endif
