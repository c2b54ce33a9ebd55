# SPDX-License-Identifier: Apache-2.0
# The probes, and the helper process that may hang on a dead share in the agent's stead.
room(agent_probe probe probe/unix)
target_link_libraries(agent_probe PUBLIC agent_core sw_wire sw_runtime sw_config PkgConfig::LIBUV
                      PRIVATE PkgConfig::PCRE2)

add_executable(stationwatch-probe probe/unix/helper/stationwatch_probe.c probe/unix/errno_outcome.c)
target_include_directories(stationwatch-probe PRIVATE ${CMAKE_SOURCE_DIR} ${CMAKE_SOURCE_DIR}/common)
target_link_libraries(stationwatch-probe PRIVATE sw_domain)
if(NOT STATIONWATCH_SANITIZE)
  # Static: one small process a station whose pages nobody shares. The sanitizers need it dynamic.
  target_link_options(stationwatch-probe PRIVATE -static)
endif()
# Who has the probes has the helper beside the program.
add_dependencies(agent_probe stationwatch-probe)
