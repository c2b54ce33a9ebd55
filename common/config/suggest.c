// SPDX-License-Identifier: Apache-2.0
// Optimal string alignment distance over three rolling rows.
#include "config/suggest.h"

#include <stdbool.h>
#include <string.h>

static char fold(char c)
{
    return (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

// One row of the table: the distance of a[0..i] to every prefix of b.
static void fill_row(const char *a, size_t i, const char *b, size_t length, const size_t *two_above,
                     const size_t *above, size_t *row)
{
    row[0] = i;
    for (size_t j = 1; j <= length; j++) {
        bool same = fold(a[i - 1]) == fold(b[j - 1]);
        row[j] = smaller(smaller(above[j] + 1, row[j - 1] + 1), above[j - 1] + (same ? 0 : 1));
        bool swapped =
            i > 1 && j > 1 && fold(a[i - 1]) == fold(b[j - 2]) && fold(a[i - 2]) == fold(b[j - 1]);
        if (swapped)
            row[j] = smaller(row[j], two_above[j - 2] + 1);
    }
}

size_t suggest_distance(const char *a, const char *b)
{
    size_t a_length = strlen(a);
    size_t b_length = strlen(b);
    if (a_length >= SUGGEST_WORD_MAX || b_length >= SUGGEST_WORD_MAX)
        return SUGGEST_WORD_MAX;
    size_t rows[3][SUGGEST_WORD_MAX] = {{0}};
    for (size_t j = 0; j <= b_length; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= a_length; i++)
        fill_row(a, i, b, b_length, rows[(i + 1) % 3], rows[(i - 1) % 3], rows[i % 3]);
    return rows[a_length % 3][b_length];
}

const char *suggest_closer(const char *word, const char *best, const char *candidate)
{
    // A third of the word may be wrong; a slip in a word of one or two letters suggests nothing.
    size_t distance = suggest_distance(word, candidate);
    if (distance > (strlen(word) + 1) / 3)
        return best;
    return best == NULL || distance < suggest_distance(word, best) ? candidate : best;
}
