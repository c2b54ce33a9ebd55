// SPDX-License-Identifier: Apache-2.0
// Colours, wrapping and times for people.
#include "ctl/view/terminal.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

enum { LABEL_WIDTH = 14, DEFAULT_COLUMNS = 100, NARROWEST = 40 };

static const char *const escapes[] = {
    [STYLE_PLAIN] = "",         [STYLE_BOLD] = "\033[1m",    [STYLE_DIM] = "\033[2m",
    [STYLE_RED] = "\033[1;31m", [STYLE_YELLOW] = "\033[33m", [STYLE_GREEN] = "\033[32m",
};

void terminal_init(struct terminal *terminal)
{
    *terminal = (struct terminal){.file = stdout, .columns = DEFAULT_COLUMNS};
    if (isatty(STDOUT_FILENO) != 1)
        return;
    const char *kind = getenv("TERM"), *refused = getenv("NO_COLOR");
    terminal->colours =
        kind != NULL && strcmp(kind, "dumb") != 0 && (refused == NULL || refused[0] == '\0');
    struct winsize size;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= NARROWEST)
        terminal->columns = size.ws_col;
}

void terminal_print(const struct terminal *terminal, enum style style, const char *text)
{
    bool coloured = terminal->colours && style != STYLE_PLAIN;
    fprintf(terminal->file, "%s%s%s", coloured ? escapes[style] : "", text,
            coloured ? "\033[0m" : "");
}

// Columns that UTF-8 text of `bytes` takes, one a character.
static int width_of(const char *text, size_t bytes)
{
    int width = 0;
    for (size_t i = 0; i < bytes; i++)
        width += ((unsigned char)text[i] & 0xC0) != 0x80;
    return width;
}

// Prints words from column `indent` on, going to a new line before one that would not fit.
static void print_wrapped(const struct terminal *terminal, const char *text, int indent)
{
    int column = indent;
    while (*text != '\0') {
        size_t bytes = strcspn(text, " \n");
        int width = width_of(text, bytes);
        bool first = column == indent;
        if (!first && column + 1 + width > terminal->columns) {
            fprintf(terminal->file, "\n%*s", indent, "");
            column = indent;
            first = true;
        }
        fprintf(terminal->file, "%s%.*s", first ? "" : " ", (int)bytes, text);
        column += width + !first;
        text += bytes;
        text += strspn(text, " \n");
    }
    fputc('\n', terminal->file);
}

void terminal_field(const struct terminal *terminal, const char *label, const char *text)
{
    if (text[0] == '\0')
        return;
    terminal_print(terminal, STYLE_BOLD, label);
    terminal_pad(terminal, label, LABEL_WIDTH);
    print_wrapped(terminal, text, LABEL_WIDTH);
}

void terminal_item(const struct terminal *terminal, const char *text)
{
    fprintf(terminal->file, "  - ");
    print_wrapped(terminal, text, 4);
}

void terminal_pad(const struct terminal *terminal, const char *shown, int width)
{
    int taken = width_of(shown, strlen(shown));
    fprintf(terminal->file, "%*s", taken < width ? width - taken : 1, "");
}

enum style style_of_priority(enum priority priority)
{
    return priority == PRIORITY_CRITICAL || priority == PRIORITY_HIGH ? STYLE_RED : STYLE_YELLOW;
}

const char *clock_text(struct wall_time at, char out[CLOCK_TEXT_SIZE])
{
    time_t seconds = (time_t)(at.ms / 1000);
    struct tm local;
    char stamp[CLOCK_TEXT_SIZE - 8] = "?";
    if (localtime_r(&seconds, &local) != NULL)
        strftime(stamp, sizeof stamp, "%Y-%m-%d %H:%M:%S", &local);
    snprintf(out, CLOCK_TEXT_SIZE, "%s.%03d", stamp, (int)(at.ms % 1000));
    return out;
}

const char *clock_time_text(struct wall_time at, char out[CLOCK_TEXT_SIZE])
{
    char whole[CLOCK_TEXT_SIZE];
    const char *space = strchr(clock_text(at, whole), ' ');
    snprintf(out, CLOCK_TEXT_SIZE, "%s", space == NULL ? whole : space + 1);
    return out;
}
