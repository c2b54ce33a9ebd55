# SPDX-License-Identifier: Apache-2.0
# The agent's shell: configuration, outbox, MQTT session and the loop that holds them together.
room(agent_shell shell shell/unix)
target_link_libraries(agent_shell PUBLIC agent_core agent_probe sw_wire sw_config sw_runtime
                      PkgConfig::LIBUV PRIVATE PkgConfig::SQLITE PkgConfig::OPENSSL)

add_executable(stationwatch-agent main.c)
target_link_libraries(stationwatch-agent PRIVATE agent_shell)
