// SPDX-License-Identifier: Apache-2.0
// Each item is a fixed header, two terminated texts and a terminated blob.
#include "collector/shell/store_pack.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_CAPACITY = 65536 };

struct header {
    enum store_kind kind;
    int small; // message kind, role or closed
    uint64_t number;
    int64_t first_time, second_time;
    size_t first_size, second_size, blob_size; // without terminators
};

struct parts {
    struct header header;
    const char *first, *second;
    const void *blob;
};

void store_pack_init(struct store_pack *pack, size_t limit_bytes)
{
    *pack = (struct store_pack){.limit = limit_bytes};
}

void store_pack_fini(struct store_pack *pack)
{
    free(pack->data);
    *pack = (struct store_pack){0};
}

void store_pack_clear(struct store_pack *pack)
{
    pack->size = 0;
}

static struct parts take_apart(const struct store_item *item)
{
    struct parts parts = {.header.kind = item->kind, .first = "", .second = "", .blob = ""};
    struct header *header = &parts.header;
    switch (item->kind) {
    case STORE_EVENT:
        parts.first = item->event.node;
        parts.second = item->event.outbox_id;
        parts.blob = item->event.payload;
        header->blob_size = item->event.size;
        header->small = (int)item->event.kind;
        header->number = item->event.seq;
        header->first_time = item->event.received_at.ms;
        header->second_time = item->event.at.ms;
        break;
    case STORE_MARK:
        parts.first = item->mark.node;
        parts.second = item->mark.outbox_id;
        header->number = item->mark.high_water;
        break;
    case STORE_NODE:
        parts.first = item->node.node;
        header->small = (int)item->node.role;
        break;
    case STORE_INCIDENT:
        parts.first = item->incident.id;
        parts.blob = item->incident.json;
        header->blob_size = item->incident.size;
        header->small = item->incident.closed;
        header->first_time = item->incident.since.ms;
        header->second_time = item->incident.told_at.ms;
        break;
    case STORE_NOTE:
        parts.first = item->note.node;
        parts.second = item->note.text;
        header->first_time = item->note.at.ms;
        break;
    case STORE_MEMORY:
        parts.first = item->memory.key;
        parts.second = item->memory.text;
        break;
    }
    header->first_size = strlen(parts.first);
    header->second_size = strlen(parts.second);
    return parts;
}

static struct store_item put_together(const struct parts *parts)
{
    const struct header *header = &parts->header;
    struct wall_time first_time = {header->first_time}, second_time = {header->second_time};
    struct store_item item = {.kind = header->kind};
    switch (header->kind) {
    case STORE_EVENT:
        item.event = (struct store_event){
            parts->first, parts->second, header->number, (enum message_kind)header->small,
            first_time,   second_time,   parts->blob,    header->blob_size};
        break;
    case STORE_MARK:
        item.mark = (struct store_mark){parts->first, parts->second, header->number};
        break;
    case STORE_NODE:
        item.node = (struct store_node){parts->first, (enum role)header->small};
        break;
    case STORE_INCIDENT:
        item.incident =
            (struct store_incident){parts->first, header->small != 0, first_time,
                                    second_time,  parts->blob,        header->blob_size};
        break;
    case STORE_NOTE:
        item.note = (struct store_note){first_time, parts->first, parts->second};
        break;
    case STORE_MEMORY:
        item.memory = (struct store_memory){parts->first, parts->second};
        break;
    }
    return item;
}

static enum status make_room(struct store_pack *pack, size_t wanted)
{
    if (wanted > pack->limit - pack->size)
        return STATUS_FULL;
    size_t capacity = pack->capacity == 0 ? FIRST_CAPACITY : pack->capacity;
    while (capacity < pack->size + wanted)
        capacity *= 2;
    if (capacity == pack->capacity)
        return STATUS_OK;
    char *grown = realloc(pack->data, capacity);
    if (grown == NULL)
        return STATUS_NO_MEMORY;
    pack->data = grown;
    pack->capacity = capacity;
    return STATUS_OK;
}

static void append(struct store_pack *pack, const void *bytes, size_t size)
{
    memcpy(pack->data + pack->size, bytes, size);
    pack->size += size;
}

enum status store_pack_put(struct store_pack *pack, const struct store_item *item)
{
    struct parts parts = take_apart(item);
    const struct header *header = &parts.header;
    size_t wanted =
        sizeof *header + header->first_size + 1 + header->second_size + 1 + header->blob_size + 1;
    enum status status = make_room(pack, wanted);
    if (status != STATUS_OK)
        return status;
    append(pack, header, sizeof *header);
    append(pack, parts.first, header->first_size + 1);
    append(pack, parts.second, header->second_size + 1);
    append(pack, parts.blob, header->blob_size);
    append(pack, "", 1);
    return STATUS_OK;
}

bool store_pack_next(const struct store_pack *pack, size_t *cursor, struct store_item *ret_item)
{
    if (*cursor >= pack->size)
        return false;
    struct parts parts;
    const char *at = pack->data + *cursor;
    memcpy(&parts.header, at, sizeof parts.header); // not aligned in there
    parts.first = at + sizeof parts.header;
    parts.second = parts.first + parts.header.first_size + 1;
    const char *blob = parts.second + parts.header.second_size + 1;
    parts.blob = blob;
    *cursor = (size_t)(blob + parts.header.blob_size + 1 - pack->data);
    *ret_item = put_together(&parts);
    return true;
}
