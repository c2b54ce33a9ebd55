# SPDX-License-Identifier: Apache-2.0
# The rooms that the Windows agent is built from, as far as they need no library of Windows' own.

# printf with %lld and %zu as everywhere else. gcc would still check the formats of our own functions
# by Microsoft's old rules; the Linux build has checked them already. Windows 10 is the oldest.
add_compile_definitions(__USE_MINGW_ANSI_STDIO=1 _WIN32_WINNT=0x0A00)
add_compile_options(-Wno-format -Wno-format-extra-args)

# Headers that say the same on every platform are taken from this machine; a copy of just these
# keeps the rest of /usr/include out of sight.
set(staged ${CMAKE_BINARY_DIR}/host_headers)
file(COPY /usr/include/protobuf-c /usr/include/cjson /usr/include/uthash.h DESTINATION ${staged})
add_library(host_headers INTERFACE)
target_include_directories(host_headers SYSTEM INTERFACE ${staged} ${staged}/cjson)
add_library(PkgConfig::PROTOBUF_C ALIAS host_headers)
add_library(PkgConfig::CJSON ALIAS host_headers)
include_directories(SYSTEM ${staged}) # uthash.h, which is no library

add_subdirectory(common/base)
add_subdirectory(common/domain)
add_subdirectory(common/wire)

# Not through agent/CMakeLists.txt, whose other rooms want libraries that are not here.
room(agent_core agent/core)
target_link_libraries(agent_core PUBLIC sw_domain sw_base)
