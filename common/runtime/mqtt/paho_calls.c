// SPDX-License-Identifier: Apache-2.0
// Every call into paho.mqtt.c's MQTTAsync and every callback from it.
#include "runtime/mqtt/paho_calls.h"

#include "base/text.h"
#include "runtime/mqtt/paho_reason.h"
#include "runtime/mqtt/socket_defaults.h"

#include <stdlib.h>
#include <string.h>

// A packet's other parts: topic, properties and header.
enum { PACKET_OVERHEAD = 66000 };

// ---- callbacks, on the library's threads -------------------------------------------------------

static struct crossing_event event_of(const struct paho_attempt *attempt, enum crossing_kind kind)
{
    return (struct crossing_event){.kind = kind, .generation = attempt->generation};
}

static void post(const struct paho_attempt *attempt, enum crossing_kind kind)
{
    struct crossing_event event = event_of(attempt, kind);
    crossing_post_event(attempt->crossing, &event);
}

static void on_connected(void *context, MQTTAsync_successData *data)
{
    (void)data;
    post(context, CROSSING_CONNECTED);
}

static void on_connected5(void *context, MQTTAsync_successData5 *data)
{
    (void)data;
    post(context, CROSSING_CONNECTED);
}

static void connect_failed(struct paho_attempt *attempt, int code, const char *message)
{
    struct crossing_event event = event_of(attempt, CROSSING_CONNECT_FAILED);
    event.code = code;
    paho_connect_reason(attempt, code, message, event.text);
    crossing_post_event(attempt->crossing, &event);
}

static void on_connect_failed(void *context, MQTTAsync_failureData *data)
{
    connect_failed(context, data ? data->code : -1, data ? data->message : NULL);
}

// The answer of the broker is in `code`; `reasonCode` stays 0.
static void on_connect_failed5(void *context, MQTTAsync_failureData5 *data)
{
    connect_failed(context, data ? data->code : -1, data ? data->message : NULL);
}

// NOLINTNEXTLINE(readability-non-const-parameter): the library's own signature
static void on_lost(void *context, char *cause)
{
    struct paho_attempt *attempt = context;
    (void)cause; // always NULL
    struct crossing_event event = event_of(attempt, CROSSING_LOST);
    paho_lost_reason(attempt, event.text);
    crossing_post_event(attempt->crossing, &event);
}

// MQTT 5: the broker says why before it closes. The library closes the connection then and does
// not call on_lost.
static void on_broker_disconnects(void *context, MQTTProperties *properties,
                                  enum MQTTReasonCodes reason)
{
    struct paho_attempt *attempt = context;
    (void)properties;
    const char *text = MQTTReasonCode_toString(reason);
    text_set(attempt->detail, text ? text : "unknown reason");
    on_lost(attempt, NULL);
}

static int on_tls_error(const char *line, size_t length, void *context)
{
    struct paho_attempt *attempt = context;
    if (attempt->detail[0] == '\0')
        paho_tls_reason(line, length, attempt->detail);
    return 1;
}

// Always 1: a message that is not taken would stay in the library until another packet comes.
static int on_message(void *context, char *topic, int topic_length, MQTTAsync_message *arrived)
{
    struct paho_attempt *attempt = context;
    // The length is 0 for most queued messages; where it is told, a shorter text has a NUL in it.
    size_t length = strlen(topic);
    bool valid = (topic_length == 0 || (size_t)topic_length == length) &&
                 arrived->payloadlen >= 0 && arrived->payloadlen <= MQTT_PAYLOAD_MAX;
    if (valid) {
        struct mqtt_message message = {.topic = topic,
                                       .payload = arrived->payload,
                                       .size = (size_t)arrived->payloadlen,
                                       .qos = arrived->qos,
                                       .retained = arrived->retained != 0};
        crossing_post_message(attempt->crossing, &message, length);
    } else {
        crossing_post_dropped(attempt->crossing);
    }
    MQTTAsync_freeMessage(&arrived);
    MQTTAsync_free(topic);
    return 1;
}

static void subscribe_answered(const struct paho_attempt *attempt, size_t index, int code)
{
    enum { REFUSED = 0x80 };
    if (code >= 0 && code < REFUSED) {
        post(attempt, CROSSING_SUBSCRIBED);
        return;
    }
    struct crossing_event event = event_of(attempt, CROSSING_SUBSCRIBE_FAILED);
    event.code = code;
    paho_subscribe_reason(attempt->settings->subscriptions[index].topic_filter, code, event.text);
    crossing_post_event(attempt->crossing, &event);
}

// The first refused of the answers, or the first answer. With one subscription the library puts
// the answer elsewhere than with several.
static void on_subscribed(void *context, MQTTAsync_successData *data)
{
    const struct paho_attempt *attempt = context;
    size_t count = attempt->settings->subscription_count;
    size_t index = 0;
    while (count > 1 && index + 1 < count && data->alt.qosList[index] < 0x80)
        index++;
    subscribe_answered(attempt, index, count > 1 ? data->alt.qosList[index] : data->alt.qos);
}

static void on_subscribed5(void *context, MQTTAsync_successData5 *data)
{
    const struct paho_attempt *attempt = context;
    size_t count = (size_t)data->alt.sub.reasonCodeCount;
    size_t index = 0;
    while (count > 1 && index + 1 < count && (int)data->alt.sub.reasonCodes[index] < 0x80)
        index++;
    int code = count > 1 ? (int)data->alt.sub.reasonCodes[index] : (int)data->reasonCode;
    subscribe_answered(attempt, index, code);
}

static void on_subscribe_failed(void *context, MQTTAsync_failureData *data)
{
    subscribe_answered(context, 0, data && data->code != 0 ? data->code : -1);
}

static void on_subscribe_failed5(void *context, MQTTAsync_failureData5 *data)
{
    int code = data && data->reasonCode > 0 ? (int)data->reasonCode : -1;
    subscribe_answered(context, 0, code);
}

static void on_disconnected(void *context, MQTTAsync_successData *data)
{
    (void)data;
    post(context, CROSSING_DISCONNECTED);
}

static void on_disconnected5(void *context, MQTTAsync_successData5 *data)
{
    (void)data;
    post(context, CROSSING_DISCONNECTED);
}

static void on_disconnect_failed(void *context, MQTTAsync_failureData *data)
{
    (void)data;
    post(context, CROSSING_DISCONNECTED);
}

static void on_disconnect_failed5(void *context, MQTTAsync_failureData5 *data)
{
    (void)data;
    post(context, CROSSING_DISCONNECTED);
}

static void post_receipt(const struct window_slot *slot, enum status status)
{
    crossing_post_receipt(slot->owner,
                          (struct crossing_receipt){.slot = slot->index, .status = status});
}

static void on_published(void *context, MQTTAsync_successData *data)
{
    (void)data;
    post_receipt(context, STATUS_OK);
}

static void on_published5(void *context, MQTTAsync_successData5 *data)
{
    (void)data;
    post_receipt(context, STATUS_OK);
}

static void on_publish_failed(void *context, MQTTAsync_failureData *data)
{
    (void)data;
    post_receipt(context, STATUS_UNAVAILABLE);
}

static void on_publish_failed5(void *context, MQTTAsync_failureData5 *data)
{
    enum status status = STATUS_UNAVAILABLE;
    if (data && data->reasonCode == MQTTREASONCODE_NOT_AUTHORIZED)
        status = STATUS_DENIED;
    else if (data && data->reasonCode >= MQTTREASONCODE_UNSPECIFIED_ERROR)
        status = STATUS_IO;
    post_receipt(context, status);
}

// ---- calls, on the loop's thread ---------------------------------------------------------------

int paho_create(const struct mqtt_settings *settings, const struct mqtt_url *url,
                MQTTAsync *ret_handle)
{
    socket_defaults_apply();
    char address[MQTT_URL_SIZE];
    MQTTAsync_createOptions options = MQTTAsync_createOptions_initializer5;
    // The send window is counted by us; the library's own buffer must never be the narrower one.
    options.maxBufferedMessages = (int)settings->send_window + 1;
    return MQTTAsync_createWithOptions(ret_handle, mqtt_url_format(url, "tcp", "ssl", address),
                                       settings->client_id, MQTTCLIENT_PERSISTENCE_NONE, NULL,
                                       &options);
}

static int add_number(MQTTProperties *properties, enum MQTTPropertyCodes code, uint32_t number)
{
    MQTTProperty property = {.identifier = code};
    property.value.integer4 = number;
    return MQTTProperties_add(properties, &property);
}

static MQTTAsync_SSLOptions tls_options(struct paho_attempt *attempt)
{
    const struct mqtt_settings *settings = attempt->settings;
    MQTTAsync_SSLOptions options = MQTTAsync_SSLOptions_initializer;
    options.trustStore = settings->tls_ca_file;
    options.keyStore = settings->tls_certificate_file;
    options.privateKey = settings->tls_key_file;
    options.enableServerCertAuth = 1;
    options.verify = 1; // the host name, too
    options.disableDefaultTrustStore = settings->tls_ca_file != NULL;
    options.ssl_error_cb = on_tls_error;
    options.ssl_error_context = attempt;
    return options;
}

static MQTTAsync_willOptions will_options(const struct mqtt_message *will)
{
    MQTTAsync_willOptions options = MQTTAsync_willOptions_initializer;
    options.topicName = will->topic;
    options.payload.data = will->payload;
    options.payload.len = (int)will->size;
    options.qos = will->qos;
    options.retained = will->retained;
    return options;
}

static MQTTAsync_connectOptions connect_options(struct paho_attempt *attempt)
{
    const struct mqtt_settings *settings = attempt->settings;
    MQTTAsync_connectOptions options = MQTTAsync_connectOptions_initializer;
    if (attempt->version >= MQTTVERSION_5)
        options = (MQTTAsync_connectOptions)MQTTAsync_connectOptions_initializer5;
    options.MQTTVersion = attempt->version;
    if (attempt->version >= MQTTVERSION_5) { // session expiry is 0 unless said otherwise
        options.cleanstart = 1;
        options.onSuccess5 = on_connected5;
        options.onFailure5 = on_connect_failed5;
    } else {
        options.cleansession = 1;
        options.onSuccess = on_connected;
        options.onFailure = on_connect_failed;
    }
    options.context = attempt;
    options.keepAliveInterval = (int)settings->keepalive_s;
    options.connectTimeout = (int)((settings->connect_timeout.us + 999999) / 1000000);
    options.automaticReconnect = 0;
    options.username = settings->username;
    options.password = settings->password;
    return options;
}

int paho_connect(MQTTAsync handle, const struct mqtt_message *will, struct paho_attempt *attempt)
{
    MQTTAsync_connectOptions options = connect_options(attempt);
    MQTTAsync_willOptions last_will = will_options(will);
    MQTTAsync_SSLOptions tls = tls_options(attempt);
    MQTTProperties properties = MQTTProperties_initializer;
    MQTTProperties will_properties = MQTTProperties_initializer;
    bool has_will = will->topic != NULL;
    int code = MQTTAsync_setCallbacks(handle, attempt, on_lost, on_message, NULL);
    if (code == MQTTASYNC_SUCCESS)
        code = MQTTAsync_setDisconnected(handle, attempt, on_broker_disconnects);
    if (attempt->version >= MQTTVERSION_5) {
        if (code == MQTTASYNC_SUCCESS)
            code = add_number(&properties, MQTTPROPERTY_CODE_MAXIMUM_PACKET_SIZE,
                              MQTT_PAYLOAD_MAX + PACKET_OVERHEAD);
        if (code == MQTTASYNC_SUCCESS && has_will && will->expiry_s > 0)
            code = add_number(&will_properties, MQTTPROPERTY_CODE_MESSAGE_EXPIRY_INTERVAL,
                              will->expiry_s);
        options.connectProperties = &properties;
        options.willProperties = has_will ? &will_properties : NULL;
    }
    options.will = has_will ? &last_will : NULL;
    options.ssl = attempt->url->tls ? &tls : NULL;
    if (code == MQTTASYNC_SUCCESS)
        code = MQTTAsync_connect(handle, &options);
    MQTTProperties_free(&properties);
    MQTTProperties_free(&will_properties);
    return code;
}

int paho_subscribe(MQTTAsync handle, struct paho_attempt *attempt)
{
    const struct mqtt_settings *settings = attempt->settings;
    char *filters[MQTT_SUBSCRIPTIONS_MAX];
    int qos[MQTT_SUBSCRIPTIONS_MAX];
    MQTTSubscribe_options details[MQTT_SUBSCRIPTIONS_MAX];
    size_t count = settings->subscription_count < MQTT_SUBSCRIPTIONS_MAX
                       ? settings->subscription_count
                       : MQTT_SUBSCRIPTIONS_MAX;
    for (size_t i = 0; i < count; i++) {
        filters[i] = (char *)settings->subscriptions[i].topic_filter; // the library only reads it
        qos[i] = settings->subscriptions[i].qos;
        details[i] = (MQTTSubscribe_options)MQTTSubscribe_options_initializer;
    }
    MQTTAsync_responseOptions response = MQTTAsync_responseOptions_initializer;
    response.context = attempt;
    if (attempt->version >= MQTTVERSION_5) {
        response.onSuccess5 = on_subscribed5;
        response.onFailure5 = on_subscribe_failed5;
        response.subscribeOptions = details[0];
        if (count > 1) {
            response.subscribeOptionsCount = (int)count;
            response.subscribeOptionsList = details;
        }
    } else {
        response.onSuccess = on_subscribed;
        response.onFailure = on_subscribe_failed;
    }
    return MQTTAsync_subscribeMany(handle, (int)count, filters, qos, &response);
}

int paho_disconnect(MQTTAsync handle, struct paho_attempt *attempt)
{
    MQTTAsync_disconnectOptions options = MQTTAsync_disconnectOptions_initializer;
    if (attempt->version >= MQTTVERSION_5) {
        options = (MQTTAsync_disconnectOptions)MQTTAsync_disconnectOptions_initializer5;
        options.onSuccess5 = on_disconnected5;
        options.onFailure5 = on_disconnect_failed5;
    } else {
        options.onSuccess = on_disconnected;
        options.onFailure = on_disconnect_failed;
    }
    options.context = attempt;
    options.timeout = 0; // what is in flight was waited for already, or is given up
    return MQTTAsync_disconnect(handle, &options);
}

int paho_publish(MQTTAsync handle, int version, const struct mqtt_message *message,
                 struct window_slot *slot)
{
    MQTTAsync_message packet = MQTTAsync_message_initializer;
    packet.payload = (void *)message->payload; // the library only reads it
    packet.payloadlen = (int)message->size;
    packet.qos = message->qos;
    packet.retained = message->retained;
    MQTTAsync_responseOptions response = MQTTAsync_responseOptions_initializer;
    response.context = slot;
    int code = MQTTASYNC_SUCCESS;
    if (version >= MQTTVERSION_5) {
        response.onSuccess5 = on_published5;
        response.onFailure5 = on_publish_failed5;
        if (message->expiry_s > 0)
            code = add_number(&packet.properties, MQTTPROPERTY_CODE_MESSAGE_EXPIRY_INTERVAL,
                              message->expiry_s);
    } else {
        response.onSuccess = on_published;
        response.onFailure = on_publish_failed;
    }
    if (code == MQTTASYNC_SUCCESS)
        code = MQTTAsync_sendMessage(handle, message->topic, &packet, &response);
    MQTTProperties_free(&packet.properties);
    return code;
}

enum status paho_publish_status(int code)
{
    switch (code) {
    case MQTTASYNC_SUCCESS:
        return STATUS_OK;
    case MQTTASYNC_DISCONNECTED:
        return STATUS_UNAVAILABLE;
    case MQTTASYNC_MAX_MESSAGES_INFLIGHT:
    case MQTTASYNC_NO_MORE_MSGIDS:
    case MQTTASYNC_MAX_BUFFERED_MESSAGES:
        return STATUS_FULL;
    case MQTTASYNC_BAD_UTF8_STRING:
    case MQTTASYNC_BAD_QOS:
        return STATUS_INVALID;
    default:
        return STATUS_IO;
    }
}
