// SPDX-License-Identifier: Apache-2.0
// Compiles the patterns once (with the JIT where there is one) and reads the named groups.
#define PCRE2_CODE_UNIT_WIDTH 8
#include "agent/probe/log_matcher.h"

#include "base/text.h"

#include <pcre2.h>
#include <stdlib.h>

enum { MATCH_LIMIT = 100000, DEPTH_LIMIT = 1000, HEAP_LIMIT_KIB = 1024, NO_GROUP = -1 };

enum group { GROUP_ORDER, GROUP_PRODUCT, GROUP_LATENCY, GROUP_DETAIL, GROUP_COUNT };
static const char *const group_names[GROUP_COUNT] = {"order", "product", "latency_ms", "detail"};

struct compiled {
    pcre2_code *code;
    pcre2_match_data *data;
    enum outcome outcome;
    int groups[GROUP_COUNT]; // their numbers
};

struct log_matcher {
    pcre2_match_context *context;
    size_t count;
    struct compiled patterns[LOG_PATTERNS_MAX];
    uint64_t given_up;
};

static enum status find_groups(struct compiled *compiled, const char *name, char problem[TEXT_SIZE])
{
    for (int i = 0; i < GROUP_COUNT; i++) {
        int number = pcre2_substring_number_from_name(compiled->code, (PCRE2_SPTR)group_names[i]);
        if (number == PCRE2_ERROR_NOUNIQUESUBSTRING) {
            struct text text;
            text_init(&text, problem, TEXT_SIZE);
            text_printf(&text, "pattern '%s' has more than one group named '%s'", name,
                        group_names[i]);
            return STATUS_INVALID;
        }
        compiled->groups[i] = number > 0 ? number : NO_GROUP;
    }
    return STATUS_OK;
}

static enum status compile(struct compiled *compiled, const struct log_pattern *pattern,
                           char problem[TEXT_SIZE])
{
    struct text text;
    text_init(&text, problem, TEXT_SIZE);
    if (pattern->outcome <= OUTCOME_UNSPECIFIED || pattern->outcome >= OUTCOME_COUNT) {
        text_printf(&text, "pattern '%s' has no outcome", pattern->name);
        return STATUS_INVALID;
    }
    int error = 0;
    PCRE2_SIZE place = 0;
    compiled->outcome = (enum outcome)pattern->outcome;
    compiled->code = pcre2_compile((PCRE2_SPTR)pattern->regex, PCRE2_ZERO_TERMINATED, PCRE2_UTF,
                                   &error, &place, NULL);
    if (compiled->code == NULL) {
        PCRE2_UCHAR why[128];
        if (pcre2_get_error_message(error, why, sizeof(why)) < 0)
            why[0] = '\0';
        text_printf(&text, "pattern '%s', character %zu: %s", pattern->name, (size_t)place + 1,
                    (const char *)why);
        return STATUS_INVALID;
    }
    // Without a JIT, or where the system forbids one, the interpreter does the same.
    (void)pcre2_jit_compile(compiled->code, PCRE2_JIT_COMPLETE);
    compiled->data = pcre2_match_data_create_from_pattern(compiled->code, NULL);
    if (compiled->data == NULL)
        return STATUS_NO_MEMORY;
    return find_groups(compiled, pattern->name, problem);
}

enum status log_matcher_new(const struct log_pattern *patterns, size_t count,
                            struct log_matcher **ret_matcher, char problem[TEXT_SIZE])
{
    if (count == 0 || count > LOG_PATTERNS_MAX) {
        text_copy(problem, TEXT_SIZE, "give between 1 and 16 patterns");
        return STATUS_INVALID;
    }
    struct log_matcher *matcher = calloc(1, sizeof(*matcher));
    enum status status = STATUS_NO_MEMORY;
    if (matcher == NULL)
        goto fail;
    matcher->context = pcre2_match_context_create(NULL);
    if (matcher->context == NULL)
        goto fail;
    pcre2_set_match_limit(matcher->context, MATCH_LIMIT);
    pcre2_set_depth_limit(matcher->context, DEPTH_LIMIT);
    pcre2_set_heap_limit(matcher->context, HEAP_LIMIT_KIB);
    for (; matcher->count < count; matcher->count++) {
        status = compile(&matcher->patterns[matcher->count], &patterns[matcher->count], problem);
        if (status != STATUS_OK) {
            matcher->count++;
            goto fail;
        }
    }
    *ret_matcher = matcher;
    return STATUS_OK;

fail:
    if (status == STATUS_NO_MEMORY)
        text_copy(problem, TEXT_SIZE, status_text(status));
    log_matcher_free(matcher);
    return status;
}

void log_matcher_free(struct log_matcher *matcher)
{
    if (matcher == NULL)
        return;
    for (size_t i = 0; i < matcher->count; i++) {
        pcre2_match_data_free(matcher->patterns[i].data);
        pcre2_code_free(matcher->patterns[i].code);
    }
    pcre2_match_context_free(matcher->context);
    free(matcher);
}

static void copy_group(const struct compiled *compiled, enum group group, const char *line,
                       char *out, size_t size)
{
    struct text text;
    text_init(&text, out, size);
    int number = compiled->groups[group];
    if (number == NO_GROUP)
        return;
    const PCRE2_SIZE *places = pcre2_get_ovector_pointer(compiled->data);
    PCRE2_SIZE begin = places[2 * number], end = places[2 * number + 1];
    if (begin == PCRE2_UNSET || begin >= end)
        return;
    text_append_bytes(&text, line + begin, end - begin);
}

// Whole milliseconds; a fraction is dropped. -1: not a number we could mean.
static int64_t parse_latency(const char *digits)
{
    char *end;
    long long value = strtoll(digits, &end, 10);
    bool clean = end != digits && (*end == '\0' || *end == '.' || *end == ',');
    return clean && value >= 0 && value <= 86400000 ? value : -1;
}

static void read_groups(const struct compiled *compiled, const char *line, struct log_match *ret)
{
    char latency[32];
    ret->outcome = compiled->outcome;
    copy_group(compiled, GROUP_ORDER, line, ret->order, sizeof(ret->order));
    copy_group(compiled, GROUP_PRODUCT, line, ret->product, sizeof(ret->product));
    copy_group(compiled, GROUP_DETAIL, line, ret->detail, sizeof(ret->detail));
    copy_group(compiled, GROUP_LATENCY, line, latency, sizeof(latency));
    ret->latency_ms = parse_latency(latency);
}

bool log_matcher_match(struct log_matcher *matcher, const char *line, size_t length,
                       struct log_match *ret)
{
    for (size_t i = 0; i < matcher->count; i++) {
        struct compiled *compiled = &matcher->patterns[i];
        int result = pcre2_match(compiled->code, (PCRE2_SPTR)line, length, 0, 0, compiled->data,
                                 matcher->context);
        if (result > 0) {
            ret->pattern = i;
            read_groups(compiled, line, ret);
            return true;
        }
        if (result != PCRE2_ERROR_NOMATCH)
            matcher->given_up++;
    }
    return false;
}

uint64_t log_matcher_given_up(const struct log_matcher *matcher)
{
    return matcher->given_up;
}
