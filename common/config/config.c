// SPDX-License-Identifier: Apache-2.0
// From a file, or its text, to the filled struct.
#include "config/config.h"

#include "config/apply.h"
#include "config/error.h"
#include "config/file.h"
#include "config/yaml_tree.h"

#include <stdlib.h>

enum status config_parse(const char *name, const char *yaml, size_t size,
                         const struct setting *settings, size_t count, void *target,
                         struct config_error *error)
{
    config_error_init(error, name);
    if (size > CONFIG_FILE_MAX_BYTES)
        return config_fail(error, 0, 0, "the configuration is larger than %d bytes",
                           CONFIG_FILE_MAX_BYTES);
    struct yaml_tree tree;
    enum status status = yaml_tree_init(&tree, yaml, size, error);
    if (status != STATUS_OK)
        return status;
    status = apply_presets(settings, count, target, error);
    if (status == STATUS_OK)
        status = apply_tree(&tree, settings, count, target, error);
    yaml_tree_fini(&tree);
    return status;
}

enum status config_load(const char *path, const struct setting *settings, size_t count,
                        void *target, struct config_error *error)
{
    char *data;
    size_t size;
    enum status status = config_read_file(path, CONFIG_FILE_MAX_BYTES, &data, &size, error);
    if (status != STATUS_OK)
        return status;
    status = config_parse(path, data, size, settings, count, target, error);
    free(data);
    return status;
}
