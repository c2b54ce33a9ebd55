# SPDX-License-Identifier: Apache-2.0
# How a room of the house becomes a library.

# room(NAME folder...): a static library of every .c in the given folders of this directory.
# A new file is found by itself (CONFIGURE_DEPENDS); nobody keeps a list.
function(room name)
  set(patterns)
  foreach(folder IN LISTS ARGN)
    list(APPEND patterns ${CMAKE_CURRENT_SOURCE_DIR}/${folder}/*.c)
  endforeach()
  file(GLOB sources CONFIGURE_DEPENDS ${patterns})
  add_library(${name} STATIC ${sources})
  target_include_directories(${name} PUBLIC ${CMAKE_SOURCE_DIR} ${CMAKE_SOURCE_DIR}/common)
endfunction()
