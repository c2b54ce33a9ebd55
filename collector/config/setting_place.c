// SPDX-License-Identifier: Apache-2.0
// Reads the file once more: this runs only on the way to an error message.
#include "collector/config/setting_place.h"

#include "base/text.h"
#include "config/file.h"
#include "config/yaml_tree.h"

#include <stdlib.h>

static const struct yaml_node *map_value(const struct yaml_tree *tree, const struct yaml_node *map,
                                         const char *key)
{
    if (map == NULL || map->kind != YAML_MAP)
        return NULL;
    const struct yaml_node *name = yaml_node_at(tree, map->first);
    while (name != NULL) {
        const struct yaml_node *value = yaml_node_at(tree, name->next);
        if (name->kind == YAML_TEXT && text_equal(yaml_node_text(tree, name), key))
            return value;
        name = value == NULL ? NULL : yaml_node_at(tree, value->next);
    }
    return NULL;
}

static const struct yaml_node *list_item(const struct yaml_tree *tree, const struct yaml_node *list,
                                         size_t index)
{
    if (list == NULL || list->kind != YAML_LIST)
        return NULL;
    const struct yaml_node *item = yaml_node_at(tree, list->first);
    for (; item != NULL && index > 0; index--)
        item = yaml_node_at(tree, item->next);
    return item;
}

static const struct yaml_node *find(const struct yaml_tree *tree, const char *list, size_t element,
                                    const char *key, size_t item)
{
    const struct yaml_node *node = map_value(tree, yaml_node_at(tree, 0), list);
    if (element != PLACE_NO_INDEX)
        node = map_value(tree, list_item(tree, node, element), key);
    return item != PLACE_NO_INDEX ? list_item(tree, node, item) : node;
}

struct setting_place setting_place(const char *path, const char *list, size_t element,
                                   const char *key, size_t item)
{
    struct setting_place place = {0};
    struct config_error error;
    char *yaml = NULL;
    size_t size;
    struct yaml_tree tree;
    if (config_read_file(path, CONFIG_FILE_MAX_BYTES, &yaml, &size, &error) != STATUS_OK)
        return place;
    if (yaml_tree_init(&tree, yaml, size, &error) == STATUS_OK) {
        const struct yaml_node *node =
            tree.count == 0 ? NULL : find(&tree, list, element, key, item);
        if (node != NULL)
            place = (struct setting_place){node->line, node->column};
        yaml_tree_fini(&tree);
    }
    free(yaml);
    return place;
}
