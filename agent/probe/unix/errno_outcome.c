// SPDX-License-Identifier: Apache-2.0
// The table from errno to outcome: local disks, NFS, CIFS and FUSE shares.
#include "agent/probe/unix/errno_outcome.h"

#include <errno.h>
#include <stddef.h>

static const struct {
    int error;
    enum outcome outcome;
} table[] = {
    {0, OUTCOME_OK},
    {ENOENT, OUTCOME_MISSING},
    {ENOTDIR, OUTCOME_MISSING},
    {EACCES, OUTCOME_DENIED},
    {EPERM, OUTCOME_DENIED},
    {ENOKEY, OUTCOME_DENIED}, // no Kerberos ticket, or no longer a good one
    {EKEYEXPIRED, OUTCOME_DENIED},
    {EKEYREVOKED, OUTCOME_DENIED},
    {EKEYREJECTED, OUTCOME_DENIED},
    {EHOSTDOWN, OUTCOME_UNREACHABLE},
    {EHOSTUNREACH, OUTCOME_UNREACHABLE},
    {ENETUNREACH, OUTCOME_UNREACHABLE},
    {ENETDOWN, OUTCOME_UNREACHABLE},
    {ENETRESET, OUTCOME_UNREACHABLE},
    {ENOTCONN, OUTCOME_UNREACHABLE},
    {ECONNREFUSED, OUTCOME_UNREACHABLE},
    {ECONNRESET, OUTCOME_UNREACHABLE},
    {ECONNABORTED, OUTCOME_UNREACHABLE},
    {EPIPE, OUTCOME_UNREACHABLE},
    {ESTALE, OUTCOME_UNREACHABLE},
    {EIO, OUTCOME_UNREACHABLE},
    {EREMOTEIO, OUTCOME_UNREACHABLE},
    {ENOLINK, OUTCOME_UNREACHABLE},
    {ENXIO, OUTCOME_UNREACHABLE},
    {ENODEV, OUTCOME_UNREACHABLE},
    {ETIMEDOUT, OUTCOME_TIMEOUT},
    {EBUSY, OUTCOME_LOCKED},
    {ETXTBSY, OUTCOME_LOCKED},
    {EAGAIN, OUTCOME_LOCKED},
    {EINVAL, OUTCOME_INVALID},
    {ELOOP, OUTCOME_INVALID},
    {ENAMETOOLONG, OUTCOME_INVALID},
};

enum outcome errno_outcome(int error)
{
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
        if (table[i].error == error)
            return table[i].outcome;
    return OUTCOME_UNSPECIFIED;
}
