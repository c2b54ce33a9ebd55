// SPDX-License-Identifier: Apache-2.0
// libyaml's events into the tree, one event at a time so that every limit holds while reading.
#include "config/yaml_tree.h"

#include "config/error.h"

#include <stdlib.h>
#include <string.h>
#include <yaml.h>

struct level {
    uint32_t node;
    uint32_t last;  // child added last
    uint32_t count; // children so far
};

struct builder {
    struct yaml_tree *tree;
    struct config_error *error;
    struct level levels[YAML_DEPTH_MAX];
    size_t depth;
    size_t documents;
};

const struct yaml_node *yaml_node_at(const struct yaml_tree *tree, uint32_t index)
{
    return index < tree->count ? &tree->nodes[index] : NULL;
}

const char *yaml_node_text(const struct yaml_tree *tree, const struct yaml_node *node)
{
    return tree->text + node->text;
}

static uint32_t mark_line(const yaml_mark_t *mark)
{
    return (uint32_t)mark->line + 1;
}

static uint32_t mark_column(const yaml_mark_t *mark)
{
    return (uint32_t)mark->column + 1;
}

static enum status refuse(struct builder *builder, const yaml_event_t *event, const char *text)
{
    return config_fail(builder->error, mark_line(&event->start_mark),
                       mark_column(&event->start_mark), "%s", text);
}

static enum status no_memory(struct config_error *error)
{
    (void)config_fail(error, 0, 0, "out of memory while reading the configuration");
    return STATUS_NO_MEMORY;
}

// Grows *storage to hold `wanted` items of `size` bytes.
static bool reserve(void **storage, size_t *capacity, size_t wanted, size_t size)
{
    if (wanted <= *capacity)
        return true;
    size_t larger = *capacity * 2 > wanted ? *capacity * 2 : wanted + 64;
    void *moved = realloc(*storage, larger * size);
    if (moved == NULL)
        return false;
    *storage = moved;
    *capacity = larger;
    return true;
}

static bool keep_text(struct yaml_tree *tree, struct yaml_node *node, const char *text, size_t size)
{
    void *storage = tree->text;
    bool grown = reserve(&storage, &tree->text_capacity, tree->text_length + size + 1, 1);
    tree->text = storage;
    if (!grown)
        return false;
    node->text = tree->text_length;
    node->length = size;
    memcpy(tree->text + tree->text_length, text, size);
    tree->text[tree->text_length + size] = '\0';
    tree->text_length += size + 1;
    return true;
}

// Adds the node as the next child of the open one.
static enum status add_node(struct builder *builder, const yaml_event_t *event,
                            struct yaml_node node)
{
    struct yaml_tree *tree = builder->tree;
    struct level *open = builder->depth > 0 ? &builder->levels[builder->depth - 1] : NULL;
    if (open != NULL && tree->nodes[open->node].kind == YAML_MAP && open->count % 2 == 0 &&
        node.kind != YAML_TEXT)
        return refuse(builder, event, "a key must be plain text, not a list or a mapping");
    void *storage = tree->nodes;
    bool grown = reserve(&storage, &tree->capacity, tree->count + 1, sizeof *tree->nodes);
    tree->nodes = storage;
    if (!grown)
        return no_memory(builder->error);
    uint32_t index = (uint32_t)tree->count++;
    node.line = mark_line(&event->start_mark);
    node.column = mark_column(&event->start_mark);
    node.next = YAML_NONE;
    node.first = YAML_NONE;
    tree->nodes[index] = node;
    if (open != NULL) {
        if (open->count++ == 0)
            tree->nodes[open->node].first = index;
        else
            tree->nodes[open->last].next = index;
        open->last = index;
    }
    return STATUS_OK;
}

static enum status open_node(struct builder *builder, const yaml_event_t *event,
                             enum yaml_kind kind)
{
    if (builder->depth == YAML_DEPTH_MAX)
        return config_fail(
            builder->error, mark_line(&event->start_mark), mark_column(&event->start_mark),
            "nested more than %d levels deep; no setting needs that", YAML_DEPTH_MAX);
    enum status status = add_node(builder, event, (struct yaml_node){.kind = kind});
    if (status != STATUS_OK)
        return status;
    uint32_t index = (uint32_t)builder->tree->count - 1;
    builder->levels[builder->depth++] = (struct level){.node = index};
    return STATUS_OK;
}

static enum status add_scalar(struct builder *builder, const yaml_event_t *event)
{
    struct yaml_node node = {.kind = YAML_TEXT,
                             .plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE};
    const char *value = (const char *)event->data.scalar.value;
    if (!keep_text(builder->tree, &node, value, event->data.scalar.length))
        return no_memory(builder->error);
    return add_node(builder, event, node);
}

static enum status check_extras(struct builder *builder, const yaml_event_t *event,
                                const yaml_char_t *anchor, const yaml_char_t *tag)
{
    if (anchor != NULL)
        return refuse(builder, event, "anchors (&name) are not supported; repeat the value");
    if (tag != NULL)
        return refuse(builder, event,
                      "tags (!name) are not supported; quote a value that begins with '!'");
    return STATUS_OK;
}

static enum status take_event(struct builder *builder, const yaml_event_t *event)
{
    enum status status = STATUS_OK;
    switch (event->type) {
    case YAML_DOCUMENT_START_EVENT:
        if (builder->documents++ > 0)
            status = refuse(builder, event,
                            "a second document begins here; one file holds one configuration");
        break;
    case YAML_ALIAS_EVENT:
        status = refuse(builder, event,
                        "aliases (*name) are not supported; repeat the value, or quote a value "
                        "that begins with '*'");
        break;
    case YAML_SCALAR_EVENT:
        status = check_extras(builder, event, event->data.scalar.anchor, event->data.scalar.tag);
        if (status == STATUS_OK)
            status = add_scalar(builder, event);
        break;
    case YAML_SEQUENCE_START_EVENT:
        status = check_extras(builder, event, event->data.sequence_start.anchor,
                              event->data.sequence_start.tag);
        if (status == STATUS_OK)
            status = open_node(builder, event, YAML_LIST);
        break;
    case YAML_MAPPING_START_EVENT:
        status = check_extras(builder, event, event->data.mapping_start.anchor,
                              event->data.mapping_start.tag);
        if (status == STATUS_OK)
            status = open_node(builder, event, YAML_MAP);
        break;
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        builder->depth--;
        break;
    default:
        break;
    }
    return status;
}

// Line and column (in characters) of a byte; libyaml's reader only knows the byte.
static void place_of_byte(const char *yaml, size_t offset, uint32_t *ret_line, uint32_t *ret_column)
{
    *ret_line = 1;
    *ret_column = 1;
    for (size_t i = 0; i < offset; i++) {
        if (yaml[i] == '\n') {
            ++*ret_line;
            *ret_column = 1;
        } else if (((unsigned char)yaml[i] & 0xC0U) != 0x80U) {
            ++*ret_column;
        }
    }
}

// True: the blank start of line `line` (from 0) holds a tab, which YAML forbids.
static bool indented_by_tab(const char *yaml, size_t size, size_t line)
{
    const char *at = yaml;
    const char *end = yaml + size;
    for (; line > 0 && at != NULL; line--) {
        at = memchr(at, '\n', (size_t)(end - at));
        at = at != NULL ? at + 1 : NULL;
    }
    for (; at != NULL && at < end && (*at == ' ' || *at == '\t'); at++)
        if (*at == '\t')
            return true;
    return false;
}

static enum status syntax_error(const yaml_parser_t *parser, const char *yaml, size_t size,
                                struct config_error *error)
{
    const char *problem = parser->problem != NULL ? parser->problem : "unreadable";
    uint32_t line = mark_line(&parser->problem_mark);
    uint32_t column = mark_column(&parser->problem_mark);
    switch (parser->error) {
    case YAML_MEMORY_ERROR:
        return no_memory(error);
    case YAML_READER_ERROR:
        place_of_byte(yaml, parser->problem_offset < size ? parser->problem_offset : size, &line,
                      &column);
        return config_fail(error, line, column,
                           "not readable text (%s); save the file as UTF-8 without control "
                           "characters",
                           problem);
    default:
        if (indented_by_tab(yaml, size, parser->problem_mark.line))
            return config_fail(error, line, column,
                               "a tab cannot indent or align YAML; use spaces");
        if (parser->context != NULL)
            return config_fail(error, line, column, "not valid YAML: %s (%s that began in line %u)",
                               problem, parser->context, mark_line(&parser->context_mark));
        return config_fail(error, line, column, "not valid YAML: %s", problem);
    }
}

static enum status read_events(yaml_parser_t *parser, struct builder *builder, const char *yaml,
                               size_t size, struct config_error *error)
{
    for (bool done = false; !done;) {
        yaml_event_t event;
        if (!yaml_parser_parse(parser, &event))
            return syntax_error(parser, yaml, size, error);
        enum status status = take_event(builder, &event);
        done = event.type == YAML_STREAM_END_EVENT;
        yaml_event_delete(&event);
        if (status != STATUS_OK)
            return status;
    }
    return STATUS_OK;
}

enum status yaml_tree_init(struct yaml_tree *tree, const char *yaml, size_t size,
                           struct config_error *error)
{
    *tree = (struct yaml_tree){.count = 0};
    struct builder builder = {.tree = tree, .error = error};
    yaml_parser_t parser;
    if (!yaml_parser_initialize(&parser))
        return no_memory(error);
    yaml_parser_set_input_string(&parser, (const unsigned char *)yaml, size);
    enum status status = read_events(&parser, &builder, yaml, size, error);
    yaml_parser_delete(&parser);
    if (status != STATUS_OK)
        yaml_tree_fini(tree);
    return status;
}

void yaml_tree_fini(struct yaml_tree *tree)
{
    free(tree->nodes);
    free(tree->text);
    *tree = (struct yaml_tree){.count = 0};
}
