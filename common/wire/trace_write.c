// SPDX-License-Identifier: Apache-2.0
// Lines of a trace as they are recorded.
#include "wire/base64.h"
#include "wire/json_fields.h"
#include "wire/trace.h"

static void write_topic(struct text *out, const struct topic *topic)
{
    char text[TOPIC_SIZE];
    text_append(out, ",\"topic\":");
    json_write_string(out, topic->site_wide[0] != '\0'
                               ? topic_site(text, topic->site, topic->site_wide)
                               : topic_node(text, topic->site, topic->node, topic->kind));
}

static void write_base64(struct text *out, const struct trace_line *line)
{
    text_append(out, ",\"payload_base64\":\"");
    base64_append(out, line->payload, line->payload_size);
    text_append(out, "\"");
}

static bool is_json(const char *bytes, size_t size)
{
    struct json_reader reader;
    char problem[TEXT_SIZE];
    json_reader_init(&reader, bytes, size, problem);
    reader.depth = 1; // it is going to stand inside the line's object
    return json_skip(&reader, NULL) && json_end(&reader);
}

// A site-wide document as it is, but on one line: control characters in valid JSON are white space.
static void write_payload(struct text *out, const struct trace_line *line)
{
    const char *bytes = (const char *)line->payload;
    if (line->payload_size == 0 || !is_json(bytes, line->payload_size)) {
        write_base64(out, line);
        return;
    }
    text_append(out, ",\"message\":");
    for (size_t i = 0; i < line->payload_size;) {
        size_t run = i;
        while (run < line->payload_size && (unsigned char)bytes[run] >= ' ')
            run++;
        text_append_bytes(out, bytes + i, run - i);
        for (i = run; i < line->payload_size && (unsigned char)bytes[i] < ' '; i++)
            text_append_bytes(out, " ", 1);
    }
}

static void write_kind(struct text *out, const struct trace_line *line)
{
    switch (line->kind) {
    case TRACE_MESSAGE:
        write_topic(out, &line->topic);
        text_append(out, ",\"message\":");
        json_write_message(out, &line->message);
        break;
    case TRACE_UNDECODED:
        write_topic(out, &line->topic);
        write_base64(out, line);
        break;
    case TRACE_SITE_WIDE:
        write_topic(out, &line->topic);
        write_payload(out, line);
        break;
    case TRACE_LINK:
        text_append(out, line->link_up ? ",\"link\":\"up\"" : ",\"link\":\"down\"");
        break;
    case TRACE_OPERATOR:
        text_append(out, ",\"operator\":");
        json_write_object(out, trace_operator_fields(), &line->operation);
        break;
    case TRACE_END:
        text_append(out, ",\"end\":true");
        break;
    }
}

void trace_write_line(struct text *out, const struct trace_line *line)
{
    text_append(out, "{\"t\":");
    json_write_seconds(out, line->t);
    if (line->retained)
        text_append(out, ",\"retained\":true");
    write_kind(out, line);
    text_append(out, "}\n");
}
