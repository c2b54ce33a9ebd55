// SPDX-License-Identifier: Apache-2.0
// The report of a configuration problem.
#include "config/error.h"

#include <string.h>

void config_error_init(struct config_error *error, const char *file)
{
    *error = (struct config_error){.line = 0};
    (void)text_set(error->file, file);
}

enum status config_fail(struct config_error *error, uint32_t line, uint32_t column,
                        const char *format, ...)
{
    struct text text;
    text_init(&text, error->text, sizeof error->text);
    va_list args;
    va_start(args, format);
    text_vprintf(&text, format, args);
    va_end(args);
    error->line = line;
    error->column = column;
    return STATUS_CONFIG;
}

const char *config_quote(const char *value, char out[CONFIG_QUOTE_SIZE])
{
    struct text text;
    text_init(&text, out, CONFIG_QUOTE_SIZE - 3); // room for the dots
    text_append(&text, value);
    for (char *at = out; *at != '\0'; at++)
        if ((unsigned char)*at < 0x20 || *at == 0x7F)
            *at = '?';
    if (text.truncated)
        memcpy(out + text.length, "...", sizeof "...");
    return out;
}

void config_error_format(const struct config_error *error, struct text *out)
{
    text_append(out, error->file);
    if (error->line > 0)
        text_printf(out, ":%u:%u", error->line, error->column);
    text_printf(out, ": %s", error->text);
}
