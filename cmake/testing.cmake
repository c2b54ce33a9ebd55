# SPDX-License-Identifier: Apache-2.0
# How a test file becomes a test: tests/unit/<room>/test_x.c is the test "unit/<room>/x".
pkg_check_modules(CMOCKA REQUIRED IMPORTED_TARGET cmocka)

# test_folder(folder LABEL label LIBS libs...): one cmocka program per test_*.c in the folder, every
# other .c in it shared between them.
function(test_folder folder)
  cmake_parse_arguments(arg "" "LABEL;TIMEOUT" "LIBS" ${ARGN})
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 120)
  endif()
  file(GLOB all CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${folder}/*.c)
  set(shared ${all})
  list(FILTER shared EXCLUDE REGEX "/test_[^/]*\\.c$")
  list(FILTER all INCLUDE REGEX "/test_[^/]*\\.c$")
  foreach(source IN LISTS all)
    get_filename_component(stem ${source} NAME_WE)
    string(REPLACE "test_" "" stem ${stem})
    string(REPLACE "/" "_" prefix ${arg_LABEL}_${folder})
    set(target ${prefix}_${stem})
    add_executable(${target} ${source} ${shared})
    target_include_directories(${target} PRIVATE ${CMAKE_SOURCE_DIR} ${CMAKE_SOURCE_DIR}/common)
    target_link_libraries(${target} PRIVATE ${arg_LIBS} PkgConfig::CMOCKA)
    add_test(NAME ${arg_LABEL}/${folder}/${stem} COMMAND ${target})
    set_tests_properties(${arg_LABEL}/${folder}/${stem} PROPERTIES LABELS ${arg_LABEL} TIMEOUT ${arg_TIMEOUT}
      SKIP_RETURN_CODE 77
      ENVIRONMENT "STATIONWATCH_BIN=${CMAKE_BINARY_DIR}/bin;STATIONWATCH_SOURCE=${CMAKE_SOURCE_DIR}")
  endforeach()
endfunction()
