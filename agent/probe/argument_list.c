// SPDX-License-Identifier: Apache-2.0
// The splitter of commands.
#include "agent/probe/argument_list.h"

#include "base/text.h"

#include <string.h>

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

// Copies one word, unquoted, behind *out. NULL: a quote is not closed.
static const char *copy_word(const char *at, char **out)
{
    char quote = '\0';
    for (; *at != '\0' && (quote != '\0' || !is_blank(*at)); at++) {
        bool escapes = *at == '\\' && quote != '\'' && at[1] != '\0' &&
                       (quote == '\0' || at[1] == '"' || at[1] == '\\');
        if (escapes)
            *(*out)++ = *++at;
        else if (quote == '\0' && (*at == '\'' || *at == '"'))
            quote = *at;
        else if (*at == quote)
            quote = '\0';
        else
            *(*out)++ = *at;
    }
    *(*out)++ = '\0';
    return quote == '\0' ? at : NULL;
}

static enum status fail(char problem[TEXT_SIZE], const char *text)
{
    text_copy(problem, TEXT_SIZE, text);
    return STATUS_INVALID;
}

enum status argument_list_init(struct argument_list *list, const char *command,
                               char problem[TEXT_SIZE])
{
    list->count = 0;
    char *out = list->bytes;
    if (strlen(command) >= sizeof(list->bytes))
        return fail(problem, "the command is too long");
    for (const char *at = command;;) {
        while (is_blank(*at))
            at++;
        if (*at == '\0')
            break;
        if (list->count == ARGUMENTS_MAX)
            return fail(problem, "the command has more than 32 words");
        list->values[list->count++] = out;
        at = copy_word(at, &out);
        if (at == NULL)
            return fail(problem, "a quote in the command is not closed");
    }
    list->values[list->count] = NULL;
    return list->count > 0 ? STATUS_OK : fail(problem, "the command is empty");
}
