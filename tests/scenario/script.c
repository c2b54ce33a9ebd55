// SPDX-License-Identifier: Apache-2.0
// Reading a scenario's text into statements.
#include "tests/scenario/scenario.h"

#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SCRIPT_SIZE_MAX = 1 << 20 };

bool script_time(const char *word, struct duration *ret)
{
    static const struct {
        const char *name;
        int64_t us;
    } units[] = {{"ms", 1000}, {"s", 1000000}, {"m", 60000000}, {"h", 3600000000}};
    int64_t us = 0;
    const char *c = word;
    do {
        char *end;
        double value = strtod(c, &end);
        if (end == c || value < 0 || value > 1e9)
            return false;
        size_t length = strcspn(end, "0123456789.");
        size_t u = 0;
        while (u < 4 &&
               (strlen(units[u].name) != length || strncmp(end, units[u].name, length) != 0))
            u++;
        if (u == 4)
            return false;
        us += (int64_t)(value * (double)units[u].us);
        c = end + length;
    } while (*c != '\0');
    *ret = (struct duration){us};
    return true;
}

bool script_number(const char *word, double *ret, bool *ret_percent)
{
    char *end;
    double value = strtod(word, &end);
    bool percent = end != word && text_equal(end, "%") && ret_percent != NULL;
    if (end == word || (*end != '\0' && !percent))
        return false;
    *ret = percent ? value / 100 : value;
    if (ret_percent != NULL)
        *ret_percent = percent;
    return true;
}

// Cuts `line` into words in place. False: a quote is left open or there are too many words.
static bool split(char *line, struct statement *statement)
{
    char *c = line;
    for (;;) {
        c += strspn(c, " \t\r");
        if (*c == '\0' || *c == '#')
            return true;
        if (statement->word_count == STATEMENT_WORDS_MAX)
            return false;
        bool quoted = false;
        char *out = c;
        statement->words[statement->word_count++] = out;
        while (*c != '\0' && (quoted || strchr(" \t\r", *c) == NULL)) {
            if (*c == '"')
                quoted = !quoted;
            else
                *out++ = *c;
            c++;
        }
        bool last = *c == '\0';
        *out = '\0';
        if (quoted || last)
            return !quoted;
        c++;
    }
}

static void drop_words(struct statement *statement, uint32_t count)
{
    statement->word_count -= count;
    memmove(statement->words, statement->words + count,
            statement->word_count * sizeof statement->words[0]);
}

// Takes `at TIME` or `+TIME` off the front. `before` is the time of the statement before.
static bool take_time(struct statement *statement, struct duration before)
{
    struct duration time;
    statement->at = before;
    if (text_equal(statement->words[0], "at") && statement->word_count >= 2) {
        if (!script_time(statement->words[1], &time) || time.us < before.us)
            return false;
        statement->at = time;
        drop_words(statement, 2);
    } else if (statement->words[0][0] == '+') {
        if (!script_time(statement->words[0] + 1, &time))
            return false;
        statement->at.us += time.us;
        drop_words(statement, 1);
    }
    return statement->word_count > 0;
}

static const char *read_line(struct script *script, char *line, const char *as_written,
                             uint32_t number)
{
    if (script->count == SCRIPT_STATEMENTS_MAX)
        return "too many statements";
    struct statement *statement = &script->statements[script->count];
    *statement = (struct statement){.line = number};
    // A raw line is JSON: its quotes and blanks are its own.
    const char *json = strstr(as_written, "raw {");
    if (json != NULL)
        line[json - as_written + 3] = '\0';
    if (!split(line, statement))
        return "a quote is left open, or there are too many words";
    if (statement->word_count == 0)
        return NULL;
    struct duration before =
        script->count == 0 ? (struct duration){0} : script->statements[script->count - 1].at;
    if (!take_time(statement, before))
        return "not a time, a time before the line before, or nothing to do at it";
    statement->rest = json != NULL ? json + 4 : "";
    script->count++;
    return NULL;
}

static enum status load(const char *path, char **ret_text)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return STATUS_IO;
    char *text = calloc(1, SCRIPT_SIZE_MAX + 1);
    size_t size = text == NULL ? 0 : fread(text, 1, SCRIPT_SIZE_MAX, file);
    bool whole = text != NULL && feof(file) && !ferror(file) && memchr(text, 0, size) == NULL;
    fclose(file);
    if (!whole) {
        free(text);
        return STATUS_IO;
    }
    *ret_text = text;
    return STATUS_OK;
}

static enum status read_statements(struct script *script, char problem[TEXT_SIZE])
{
    uint32_t number = 0;
    char *line = script->text;
    while (line != NULL) {
        char *end = strchr(line, '\n');
        char *next = end == NULL ? NULL : end + 1;
        char *written = script->copy + (line - script->text);
        if (end != NULL) {
            *end = '\0';
            written[end - line] = '\0';
        }
        // The statements point into it and script_fini frees it, which the analyser loses sight of.
        // NOLINTNEXTLINE(clang-analyzer-unix.Malloc)
        const char *wrong = read_line(script, line, written, ++number);
        if (wrong != NULL) {
            snprintf(problem, TEXT_SIZE, ":%u: %s", number, wrong);
            return STATUS_INVALID;
        }
        line = next;
    }
    if (script->count == 0 || !text_equal(script->statements[script->count - 1].words[0], "end")) {
        snprintf(problem, TEXT_SIZE, ":%u: the last statement has to be 'end'", number);
        return STATUS_INVALID;
    }
    return STATUS_OK;
}

enum status script_read(const char *path, struct script *ret_script, char ret_problem[TEXT_SIZE])
{
    struct script script = {.path = path};
    enum status status = load(path, &script.text);
    if (status != STATUS_OK) {
        snprintf(ret_problem, TEXT_SIZE, "cannot be read, or is larger than 1 MB");
        return status;
    }
    script.copy = strdup(script.text);
    script.statements = calloc(SCRIPT_STATEMENTS_MAX, sizeof *script.statements);
    status = STATUS_NO_MEMORY;
    if (script.copy != NULL && script.statements != NULL)
        status = read_statements(&script, ret_problem);
    if (status != STATUS_OK) {
        script_fini(&script);
        return status;
    }
    *ret_script = script;
    return STATUS_OK;
}

void script_fini(struct script *script)
{
    free(script->text);
    free(script->copy);
    free(script->statements);
    *script = (struct script){0};
}
