// SPDX-License-Identifier: Apache-2.0
// A real mosquitto on a free port of 127.0.0.1, with its configuration in a temporary folder.
//
//     if (!broker_available())
//         exit(77);                          // mosquitto is not installed; it was said why
//     struct broker *broker = broker_start(&(struct broker_options){0});
//     settings.url = broker_url(broker);     // "mqtt://127.0.0.1:40123"
//     ...
//     broker_free(broker);
//
// Every call returns when its effect can be seen: started means that a connection is accepted,
// stopped means that the process is gone. The port stays the same over stop and start. Ownership:
// the caller frees the broker, which removes its folder; texts live as long as it does. Thread: the
// main one, because the broker ends with the thread that started it. Failure: NULL or false, with
// the reason and the broker's log on standard error.
#ifndef TESTS_SUPPORT_BROKER_H
#define TESTS_SUPPORT_BROKER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct broker_options {
    bool tls;           // one mutual-TLS listener: a client certificate is required and its common
                        // name is the user name; without it one plain, anonymous listener
    bool keep_state;    // retained messages outlive a stop (not a kill)
    const char *config; // more lines for mosquitto.conf, "max_queued_messages 10\n", or NULL
    const char *acl;    // the text of an acl_file, or NULL = everything is allowed
};

struct broker;

// False: not installed on this machine (says so on standard error).
bool broker_available(void);

struct broker *broker_start(const struct broker_options *options);
void broker_free(struct broker *broker);

bool broker_stop(struct broker *broker);    // SIGTERM: clients see their connection closed
void broker_kill(struct broker *broker);    // SIGKILL
bool broker_resume(struct broker *broker);  // starts again after a stop or kill, same port
bool broker_restart(struct broker *broker); // stop and start
void broker_freeze(struct broker *broker);  // SIGSTOP: connections stay open, nothing answers
void broker_thaw(struct broker *broker);    // SIGCONT

const char *broker_url(const struct broker *broker); // mqtt://… or mqtts://…
uint16_t broker_port(const struct broker *broker);
pid_t broker_pid(const struct broker *broker); // 0 = stopped
const char *broker_folder(const struct broker *broker);

// The TLS broker's own authority, and a client certificate with the common name `name` (made on the
// first call for it). Paths are relative to nothing: absolute.
const char *broker_ca_file(const struct broker *broker);
bool broker_client(struct broker *broker, const char *name, char ret_certificate_file[256],
                   char ret_key_file[256]);

// Prints the broker's log to standard error, for a test that is about to fail.
void broker_print_log(const struct broker *broker);

// A port of 127.0.0.1 that nobody listened on a moment ago; 0 on failure.
uint16_t free_port(void);

#endif
