// SPDX-License-Identifier: Apache-2.0
// A YAML document as a tree of nodes that know their line and column, within limits.
//
// What a configuration does not need is refused rather than half supported: anchors and aliases,
// tags, a second document, keys that are not text, nesting deeper than YAML_DEPTH_MAX. The limits
// hold while the text is read, so hostile nesting ends the reading at once.
// Ownership: the tree owns all it gives out, until yaml_tree_fini. Thread: one at a time.
// Failure: STATUS_CONFIG or STATUS_NO_MEMORY with the place in `error`; the tree is then empty.
#ifndef CONFIG_YAML_TREE_H
#define CONFIG_YAML_TREE_H

#include "config/config.h"

enum { YAML_DEPTH_MAX = 32 };

enum yaml_kind { YAML_TEXT, YAML_LIST, YAML_MAP };

struct yaml_node {
    enum yaml_kind kind;
    bool plain;            // text without quotes
    uint32_t line, column; // from 1
    uint32_t next;         // sibling; YAML_NONE at the end
    uint32_t first;        // child; in a map key and value take turns
    size_t text;           // place in the tree's text
    size_t length;
};

#define YAML_NONE UINT32_MAX

struct yaml_tree {
    struct yaml_node *nodes; // the root is node 0; none when the document is empty
    size_t count, capacity;
    char *text;
    size_t text_length, text_capacity;
};

MUST_CHECK enum status yaml_tree_init(struct yaml_tree *tree, const char *yaml, size_t size,
                                      struct config_error *error);
void yaml_tree_fini(struct yaml_tree *tree);

// Node of an index, NULL for YAML_NONE.
const struct yaml_node *yaml_node_at(const struct yaml_tree *tree, uint32_t index);
// Text of a YAML_TEXT node, terminated.
const char *yaml_node_text(const struct yaml_tree *tree, const struct yaml_node *node);

#endif
