// SPDX-License-Identifier: Apache-2.0
// Walking the tree: keys are looked up in the table, lists call back into the walk.
#include "config/apply.h"

#include "config/error.h"
#include "config/scalar.h"
#include "config/unknown.h"

#include <stdio.h>
#include <string.h>

struct walk {
    const struct yaml_tree *tree;
    struct config_error *error;
};

// One mapping of the table's world: the settings whose keys begin with `prefix`.
struct scope {
    const struct setting *settings;
    size_t count;
    char *target;
    const char *prefix; // within the table: "", "broker."
    const char *path;   // as people read it: "", "services[].", "broker."
};

static enum status apply_map(const struct walk *walk, const struct scope *scope,
                             const struct yaml_node *map);
static enum status apply_value(const struct walk *walk, const struct setting *setting,
                               const char *path, const struct yaml_node *value, char *target);

const char *key_below(const char *key, const char *prefix)
{
    size_t length = strlen(prefix);
    return strncmp(key, prefix, length) == 0 ? key + length : NULL;
}

// The setting `key` of the scope, NULL if none; *ret_group: some settings lie below that key.
static const struct setting *find(const struct scope *scope, const char *key, bool *ret_group)
{
    size_t length = strlen(key);
    *ret_group = false;
    for (size_t i = 0; i < scope->count; i++) {
        const char *rest = key_below(scope->settings[i].key, scope->prefix);
        if (rest == NULL || strncmp(rest, key, length) != 0)
            continue;
        if (rest[length] == '\0')
            return &scope->settings[i];
        // A key with a dot in it is a path, not the name of a group.
        if (rest[length] == '.' && strchr(key, '.') == NULL)
            *ret_group = true;
    }
    return NULL;
}

static enum status check_duplicate(const struct walk *walk, const struct scope *scope,
                                   const struct yaml_node *map, const struct yaml_node *key)
{
    const struct yaml_node *earlier = yaml_node_at(walk->tree, map->first);
    while (earlier != key) {
        if (text_equal(yaml_node_text(walk->tree, earlier), yaml_node_text(walk->tree, key)))
            return config_fail(walk->error, key->line, key->column,
                               "'%s%s' is given twice, first in line %u; remove one of them",
                               scope->path, yaml_node_text(walk->tree, key), earlier->line);
        const struct yaml_node *value = yaml_node_at(walk->tree, earlier->next);
        earlier = yaml_node_at(walk->tree, value->next);
    }
    return STATUS_OK;
}

static bool map_has(const struct walk *walk, const struct yaml_node *map, const char *key,
                    size_t length)
{
    const struct yaml_node *at = map != NULL ? yaml_node_at(walk->tree, map->first) : NULL;
    while (at != NULL) {
        if (at->length == length && memcmp(yaml_node_text(walk->tree, at), key, length) == 0)
            return true;
        at = yaml_node_at(walk->tree, yaml_node_at(walk->tree, at->next)->next);
    }
    return false;
}

// A required setting is reported at the innermost mapping that is there and lacks it.
static enum status check_required(const struct walk *walk, const struct scope *scope,
                                  const struct yaml_node *map)
{
    for (size_t i = 0; i < scope->count; i++) {
        const struct setting *setting = &scope->settings[i];
        const char *rest = key_below(setting->key, scope->prefix);
        if (!setting->required || rest == NULL || map_has(walk, map, rest, strcspn(rest, ".")))
            continue;
        return config_fail(walk->error, map != NULL ? map->line : 1, map != NULL ? map->column : 1,
                           "'%s%s' is missing here and required%s%s", scope->path, rest,
                           setting->help != NULL ? ": " : "",
                           setting->help != NULL ? setting->help : "");
    }
    return STATUS_OK;
}

static enum status apply_group(const struct walk *walk, const struct scope *scope, const char *key,
                               const struct yaml_node *value)
{
    char prefix[CONFIG_KEY_MAX];
    char path[CONFIG_KEY_MAX * 2];
    (void)snprintf(prefix, sizeof prefix, "%s%s.", scope->prefix, key);
    (void)snprintf(path, sizeof path, "%s%s.", scope->path, key);
    struct scope group = {scope->settings, scope->count, scope->target, prefix, path};
    if (value->kind == YAML_MAP)
        return apply_map(walk, &group, value);
    char known[200];
    struct text text;
    text_init(&text, known, sizeof known);
    unknown_list_keys(scope->settings, scope->count, prefix, &text);
    return config_fail(walk->error, value->line, value->column,
                       "'%s%s' is a group, not a single value; write its settings indented below "
                       "it: %s",
                       scope->path, key, known);
}

static enum status apply_pair(const struct walk *walk, const struct scope *scope,
                              const struct yaml_node *map, const struct yaml_node *key,
                              const struct yaml_node *value)
{
    const char *name = yaml_node_text(walk->tree, key);
    bool group = false;
    const struct setting *setting =
        strlen(name) == key->length && key->length > 0 ? find(scope, name, &group) : NULL;
    // Keys with a dot are not written as such: they stand for nesting.
    if ((setting == NULL && !group) || strchr(name, '.') != NULL)
        return unknown_key(scope->settings, scope->count, scope->prefix, scope->path, name,
                           key->line, key->column, walk->error);
    enum status status = check_duplicate(walk, scope, map, key);
    if (status != STATUS_OK)
        return status;
    if (setting == NULL)
        return apply_group(walk, scope, name, value);
    char path[CONFIG_KEY_MAX * 2];
    (void)snprintf(path, sizeof path, "%s%s", scope->path, name);
    return apply_value(walk, setting, path, value, scope->target);
}

static enum status apply_map(const struct walk *walk, const struct scope *scope,
                             const struct yaml_node *map)
{
    const struct yaml_node *key = map != NULL ? yaml_node_at(walk->tree, map->first) : NULL;
    while (key != NULL) {
        const struct yaml_node *value = yaml_node_at(walk->tree, key->next);
        enum status status = apply_pair(walk, scope, map, key, value);
        if (status != STATUS_OK)
            return status;
        key = yaml_node_at(walk->tree, value->next);
    }
    return check_required(walk, scope, map);
}

static enum status apply_scalar(const struct walk *walk, const struct setting *setting,
                                const char *path, const struct yaml_node *value, void *field)
{
    if (value->kind != YAML_TEXT)
        return config_fail(walk->error, value->line, value->column,
                           "'%s' takes one value, not a %s", path,
                           value->kind == YAML_LIST ? "list" : "mapping");
    struct scalar scalar = {.text = yaml_node_text(walk->tree, value),
                            .length = value->length,
                            .plain = value->plain,
                            .line = value->line,
                            .column = value->column};
    return scalar_read(setting, path, &scalar, field, walk->error);
}

static enum status apply_element(const struct walk *walk, const struct setting *list,
                                 const char *path, const struct yaml_node *value, char *element)
{
    if (list->type == SETTING_TYPE_TEXT_LIST)
        return apply_scalar(walk, list, path, value, element);
    if (value->kind != YAML_MAP)
        return config_fail(walk->error, value->line, value->column,
                           "'%s' takes mappings: write '- key: value' with the further keys "
                           "indented below the first",
                           path);
    char below[CONFIG_KEY_MAX * 2];
    (void)snprintf(below, sizeof below, "%s[].", path);
    struct scope scope = {list->elements, list->element_settings, element, "", below};
    enum status status =
        apply_presets(list->elements, list->element_settings, element, walk->error);
    return status == STATUS_OK ? apply_map(walk, &scope, value) : status;
}

static enum status apply_list(const struct walk *walk, const struct setting *list, const char *path,
                              const struct yaml_node *value, char *target)
{
    // An empty text where a list belongs is reported by the scalar reader's words.
    if (value->kind == YAML_TEXT && (list->type == SETTING_TYPE_LIST || value->length == 0))
        return apply_scalar(walk, list, path, value, NULL);
    if (value->kind != YAML_LIST)
        return config_fail(walk->error, value->line, value->column,
                           "'%s' takes a list: begin each entry with '- ' on lines below it", path);
    size_t count;
    memcpy(&count, target + list->count_offset, sizeof count);
    memset(target + list->offset, 0, count * list->size); // the preset's entries
    count = 0;
    const struct yaml_node *at = yaml_node_at(walk->tree, value->first);
    for (; at != NULL; at = yaml_node_at(walk->tree, at->next), count++) {
        if (count == list->capacity)
            return config_fail(walk->error, at->line, at->column,
                               "'%s' has too many entries; at most %zu fit", path, list->capacity);
        char *element = target + list->offset + count * list->size;
        enum status status = apply_element(walk, list, path, at, element);
        if (status != STATUS_OK)
            return status;
    }
    memcpy(target + list->count_offset, &count, sizeof count);
    return STATUS_OK;
}

static enum status apply_value(const struct walk *walk, const struct setting *setting,
                               const char *path, const struct yaml_node *value, char *target)
{
    if (setting->type == SETTING_TYPE_LIST || setting->type == SETTING_TYPE_TEXT_LIST)
        return apply_list(walk, setting, path, value, target);
    return apply_scalar(walk, setting, path, value, target + setting->offset);
}

enum status apply_tree(const struct yaml_tree *tree, const struct setting *settings, size_t count,
                       void *target, struct config_error *error)
{
    struct walk walk = {tree, error};
    struct scope scope = {settings, count, target, "", ""};
    const struct yaml_node *root = yaml_node_at(tree, 0);
    if (root != NULL && root->kind == YAML_TEXT && root->plain && root->length == 0)
        root = NULL; // nothing but '---'
    if (root != NULL && root->kind != YAML_MAP)
        return config_fail(error, root->line, root->column,
                           "a configuration is made of lines 'key: value'; this is a %s",
                           root->kind == YAML_LIST ? "list" : "single value");
    return apply_map(&walk, &scope, root);
}

// A preset is read as if it stood in the file; only what is not a plain scalar needs the parser.
static enum status read_preset(const struct setting *setting, char *target,
                               struct config_error *error)
{
    bool list = setting->type == SETTING_TYPE_LIST || setting->type == SETTING_TYPE_TEXT_LIST;
    if (!list && strpbrk(setting->preset, "\"'\\#") == NULL) {
        // Empty is not "no value" here: it is the empty text.
        struct scalar scalar = {.text = setting->preset,
                                .length = strlen(setting->preset),
                                .plain = setting->preset[0] != '\0'};
        return scalar_read(setting, setting->key, &scalar, target + setting->offset, error);
    }
    struct yaml_tree tree;
    enum status status = yaml_tree_init(&tree, setting->preset, strlen(setting->preset), error);
    if (status != STATUS_OK)
        return status;
    struct walk walk = {&tree, error};
    const struct yaml_node *root = yaml_node_at(&tree, 0);
    status = root == NULL ? config_fail(error, 0, 0, "'%s' has an empty preset", setting->key)
                          : apply_value(&walk, setting, setting->key, root, target);
    yaml_tree_fini(&tree);
    return status;
}

static enum status apply_preset(const struct setting *setting, char *target,
                                struct config_error *error)
{
    size_t zero = 0;
    if (setting->type == SETTING_TYPE_LIST || setting->type == SETTING_TYPE_TEXT_LIST)
        memcpy(target + setting->count_offset, &zero, sizeof zero);
    else
        memset(target + setting->offset, 0, setting->size);
    if (setting->preset == NULL)
        return STATUS_OK;
    enum status status = read_preset(setting, target, error);
    if (status == STATUS_CONFIG) {
        // Our own table is at fault, not the file: no line of it may be blamed.
        char text[sizeof error->text];
        memcpy(text, error->text, sizeof text);
        return config_fail(error, 0, 0, "the program's own preset is wrong: %.400s", text);
    }
    return status;
}

enum status apply_presets(const struct setting *settings, size_t count, void *target,
                          struct config_error *error)
{
    for (size_t i = 0; i < count; i++) {
        enum status status = apply_preset(&settings[i], target, error);
        if (status != STATUS_OK)
            return status;
    }
    return STATUS_OK;
}
