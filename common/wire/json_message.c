// SPDX-License-Identifier: Apache-2.0
// Bus messages as JSON objects.
#include "wire/json.h"
#include "wire/json_fields.h"

void json_write_message(struct text *out, const struct message *message)
{
    const struct field_set *set = message_fields(message->kind);
    if (set == NULL)
        text_append(out, "{}");
    else
        json_write_object(out, set, message_body_const(message));
}

enum status json_read_message(enum message_kind kind, const char *json, size_t size,
                              struct message *ret, char problem[TEXT_SIZE])
{
    struct json_reader reader;
    struct json_slice whole;
    json_reader_init(&reader, json, size, problem);
    if (message_fields(kind) == NULL || size > JSON_DOCUMENT_MAX) {
        json_fail(&reader, "the message is %s",
                  size > JSON_DOCUMENT_MAX ? "too long" : "of no known kind");
        return STATUS_INVALID;
    }
    // What follows the object has to be refused before *ret is written.
    if (!json_skip(&reader, &whole) || !json_end(&reader))
        return STATUS_INVALID;
    json_reader_init(&reader, json, size, problem);
    return json_read_message_object(&reader, kind, ret) ? STATUS_OK : STATUS_INVALID;
}
