# SPDX-License-Identifier: Apache-2.0
# Warnings, sanitizers and hardening, the same for every target.
add_compile_options(-Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes
                    -Wpointer-arith -Wwrite-strings -Wvla -Wformat=2 -Wundef -Werror
                    -fno-common -fstack-protector-strong)
add_compile_definitions(_GNU_SOURCE STATIONWATCH_VERSION="${PROJECT_VERSION}")

if(STATIONWATCH_SANITIZE STREQUAL "address")
  # UBSan alone ends with status 0: a finding has to end the run to be seen.
  add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=address,undefined)
elseif(STATIONWATCH_SANITIZE STREQUAL "thread")
  add_compile_options(-fsanitize=thread -fno-omit-frame-pointer)
  add_link_options(-fsanitize=thread)
elseif(STATIONWATCH_SANITIZE)
  message(FATAL_ERROR "STATIONWATCH_SANITIZE is '${STATIONWATCH_SANITIZE}': use address, thread or nothing")
endif()
