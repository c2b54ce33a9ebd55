// SPDX-License-Identifier: Apache-2.0
// Any bytes as any message: refused, or a message that means the same after being sent on. The
// first byte chooses the kind.
#include "wire/codec.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct message first, second;
    uint8_t bytes[WIRE_MESSAGE_MAX];
    size_t again;
    if (size == 0)
        return 0;
    enum message_kind kind = (enum message_kind)(data[0] % MESSAGE_KIND_COUNT);
    struct event_key key;
    (void)!wire_decode_event_key(kind, data + 1, size - 1, &key);
    memset(&first, 0, sizeof first);
    memset(&second, 0, sizeof second);
    if (wire_decode(kind, data + 1, size - 1, &first) != WIRE_ACCEPTED)
        return 0;
    if (wire_encode(&first, bytes, sizeof bytes, &again) != STATUS_OK ||
        wire_decode(kind, bytes, again, &second) != WIRE_ACCEPTED ||
        memcmp(&first, &second, sizeof first) != 0)
        abort();
    return 0;
}
