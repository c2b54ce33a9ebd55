# SPDX-License-Identifier: Apache-2.0
room(collector_shell shell shell/web)
set(page_folder ${CMAKE_CURRENT_SOURCE_DIR}/shell/web/static)
file(GLOB page_files CONFIGURE_DEPENDS ${page_folder}/*)
set(page_source ${CMAKE_CURRENT_BINARY_DIR}/assets.c)
add_custom_command(OUTPUT ${page_source}
  COMMAND ${CMAKE_COMMAND} -DFOLDER=${page_folder} -DOUTPUT=${page_source}
          -P ${CMAKE_CURRENT_SOURCE_DIR}/shell/web/embed.cmake
  DEPENDS ${page_files} ${CMAKE_CURRENT_SOURCE_DIR}/shell/web/embed.cmake VERBATIM)
target_sources(collector_shell PRIVATE ${page_source})
target_link_libraries(collector_shell PUBLIC collector_config sw_wire sw_runtime
  PRIVATE PkgConfig::SQLITE PkgConfig::MICROHTTPD)

add_executable(stationwatch-collector main.c)
target_link_libraries(stationwatch-collector PRIVATE collector_shell)
