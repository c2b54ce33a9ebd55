// SPDX-License-Identifier: Apache-2.0
// Defaults for the sockets of libraries that offer no way to set them: no Nagle delay, and not
// inherited by child processes.
//
// paho.mqtt.c leaves Nagle's algorithm on, so that a small packet which follows another within the
// round trip waits some 43 ms for the peer's delayed acknowledgement (an order just after a
// heartbeat, acks after acks), and it leaves its socket open in children, where a helper that hangs
// in the kernel would keep a dead agent's connection alive and hold back its last will. It has no
// option for either and shows no socket. The broker has the same delay on its side, unless its
// configuration says so: mosquitto's `set_tcp_nodelay true`.
//
// Ownership, failure: none. Thread: any.
#ifndef RUNTIME_MQTT_SOCKET_DEFAULTS_H
#define RUNTIME_MQTT_SOCKET_DEFAULTS_H

// Called by whoever needs the defaults; links them into the program, which is all it takes.
void socket_defaults_apply(void);

#endif
