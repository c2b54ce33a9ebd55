# SPDX-License-Identifier: Apache-2.0
# Third-party libraries (Debian 12 packages, see script/bootstrap).
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
pkg_check_modules(PROTOBUF_C REQUIRED IMPORTED_TARGET libprotobuf-c)
pkg_check_modules(LIBUV REQUIRED IMPORTED_TARGET libuv)
pkg_check_modules(YAML REQUIRED IMPORTED_TARGET yaml-0.1)
pkg_check_modules(SQLITE REQUIRED IMPORTED_TARGET sqlite3)
pkg_check_modules(MICROHTTPD REQUIRED IMPORTED_TARGET libmicrohttpd)
pkg_check_modules(CJSON REQUIRED IMPORTED_TARGET libcjson)
pkg_check_modules(PCRE2 REQUIRED IMPORTED_TARGET libpcre2-8)
pkg_check_modules(OPENSSL REQUIRED IMPORTED_TARGET openssl)
pkg_check_modules(CURL REQUIRED IMPORTED_TARGET libcurl)

# Debian ships paho.mqtt.c without a pkg-config file; as = MQTTAsync with TLS.
find_library(PAHO_LIBRARY paho-mqtt3as REQUIRED)
find_path(PAHO_INCLUDE MQTTAsync.h REQUIRED)
add_library(paho INTERFACE)
target_link_libraries(paho INTERFACE ${PAHO_LIBRARY})
target_include_directories(paho SYSTEM INTERFACE ${PAHO_INCLUDE})
