// SPDX-License-Identifier: Apache-2.0
// A name table and a role per name.
#include "collector/shell/known_nodes.h"

#include "base/name_table.h"

#include <stdlib.h>

struct known_nodes {
    struct name_table *names;
    uint8_t *roles; // by the table's index
};

enum status known_nodes_new(uint32_t limit, struct known_nodes **ret_nodes)
{
    struct known_nodes *nodes = calloc(1, sizeof *nodes);
    if (nodes == NULL)
        return STATUS_NO_MEMORY;
    nodes->roles = calloc(limit, 1);
    enum status status =
        nodes->roles == NULL ? STATUS_NO_MEMORY : name_table_new(limit, &nodes->names);
    if (status == STATUS_OK)
        *ret_nodes = nodes;
    else
        known_nodes_free(nodes);
    return status;
}

void known_nodes_free(struct known_nodes *nodes)
{
    if (nodes == NULL)
        return;
    name_table_free(nodes->names);
    free(nodes->roles);
    free(nodes);
}

bool known_nodes_learn(struct known_nodes *nodes, const char *node, enum role role)
{
    uint32_t index;
    if (role == ROLE_UNSPECIFIED || name_table_add(nodes->names, node, &index) != STATUS_OK ||
        nodes->roles[index] == role)
        return false;
    nodes->roles[index] = (uint8_t)role;
    return true;
}

void known_nodes_forget(struct known_nodes *nodes, const char *node)
{
    uint32_t index = name_table_find(nodes->names, node);
    if (index != NAME_NONE)
        nodes->roles[index] = ROLE_UNSPECIFIED;
}
