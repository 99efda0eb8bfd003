# How a folder becomes a library, a service or a test binary.
find_package(Threads REQUIRED)
find_package(Protobuf REQUIRED)
find_package(gRPC CONFIG REQUIRED)
find_package(absl CONFIG REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(ZLIB REQUIRED)
find_package(GTest REQUIRED)
find_package(Boost 1.74 REQUIRED)
find_package(prometheus-cpp CONFIG REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(sodium REQUIRED IMPORTED_TARGET libsodium)
pkg_check_modules(pango REQUIRED IMPORTED_TARGET pangocairo pangoft2)
pkg_check_modules(qrencode REQUIRED IMPORTED_TARGET libqrencode)
pkg_check_modules(xlsxwriter REQUIRED IMPORTED_TARGET xlsxwriter)
pkg_check_modules(utf8proc REQUIRED IMPORTED_TARGET libutf8proc)
find_library(MYSQLCPPCONN mysqlcppconn REQUIRED)
add_library(mysqlcppconn INTERFACE IMPORTED)
target_link_libraries(mysqlcppconn INTERFACE ${MYSQLCPPCONN})
find_program(PROTOC protoc REQUIRED)
find_program(GRPC_CPP_PLUGIN grpc_cpp_plugin REQUIRED)
# google/rpc and google/api come from Debian's package; nothing of theirs is copied here.
find_path(GOOGLEAPIS google/rpc/status.proto REQUIRED PATHS
          /usr/share/gocode/src/github.com/gogo/googleapis)

find_program(CCACHE ccache)
if(CCACHE)
  # Precompiled headers need the two sloppiness flags, or every hit becomes a miss.
  set(CMAKE_CXX_COMPILER_LAUNCHER
      ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros ${CCACHE})
endif()

# GCC 12 finds array bounds, overflows and overlaps in std::string's operator+ that are not there (GCC bugs 105329
# and 105651); fields left out of a designated initialiser have their defaults, on purpose.
add_compile_options(-Wall -Wextra -Werror -Wno-missing-field-initializers -Wno-array-bounds -Wno-restrict
                    -Wno-stringop-overflow -Wno-stringop-overread
                    -fno-omit-frame-pointer -pthread)
add_compile_definitions(ALLIANCE_SOURCE_DIR="${CMAKE_SOURCE_DIR}" ALLIANCE_BINARY_DIR="${CMAKE_BINARY_DIR}")
if(ALLIANCE_SANITIZE)
  add_compile_options(-fsanitize=${ALLIANCE_SANITIZE} -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${ALLIANCE_SANITIZE})
endif()
include_directories(${CMAKE_SOURCE_DIR})
include_directories(SYSTEM ${CMAKE_BINARY_DIR}/gen)

# Hardening of what is released: stack protector, checked libc calls, read-only relocations bound at
# start; Debian's compiler makes PIE by itself. tests/hardening looks at the programs.
add_compile_options(-fstack-protector-strong)
set(CMAKE_CXX_FLAGS_RELEASE "${CMAKE_CXX_FLAGS_RELEASE} -D_FORTIFY_SOURCE=2")
add_link_options(-Wl,-z,relro,-z,now)
find_program(LLD ld.lld)
if(LLD)
  add_link_options(-fuse-ld=lld)
endif()

# Most of a file's cost is its headers. Where everything is built (release), neighbours are compiled
# together: a unity build. Where one file is built again and again (preset dev), each is compiled by itself
# over a precompiled header. Both only save time: `tests/run --all` builds every file by itself and without
# either (preset plain), so includes stay honest.
option(ALLIANCE_UNITY "Compile neighbouring files together" ON)
set(ALLIANCE_BATCH 16)
function(alliance_unity target)
  if(ALLIANCE_UNITY)
    set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE ${ALLIANCE_BATCH})
    # GCC takes a .cc that is included for a header, whose types must not use an unnamed namespace.
    target_compile_options(${target} PRIVATE -Wno-subobject-linkage)
  endif()
endfunction()
# Tests are compiled quickly; what they test is as released.
function(alliance_low_optimisation target)
  if(NOT ALLIANCE_SANITIZE)
    target_compile_options(${target} PRIVATE $<$<CONFIG:Release>:-O0> $<$<CONFIG:Release>:-U_FORTIFY_SOURCE>)
  endif()
endfunction()

# What tests parse first, compiled once for all of them.
function(alliance_test_header target)
  if(NOT TARGET alliance_test_header)
    file(WRITE ${CMAKE_BINARY_DIR}/test_header.cc "")
    add_library(alliance_test_header OBJECT ${CMAKE_BINARY_DIR}/test_header.cc)
    target_link_libraries(alliance_test_header PRIVATE GTest::gtest absl::status absl::time)
    alliance_low_optimisation(alliance_test_header)
    target_precompile_headers(alliance_test_header PRIVATE ${CMAKE_SOURCE_DIR}/cmake/tests.h)
  endif()
  target_precompile_headers(${target} REUSE_FROM alliance_test_header)
endfunction()

# Two libraries: alliance_proto, the messages, which are on the hot path; alliance_grpc, the stubs, which only
# forward. Warnings in generated code are not errors.
function(alliance_proto_library)
  set(gen ${CMAKE_BINARY_DIR}/gen)
  file(MAKE_DIRECTORY ${gen})
  file(GLOB_RECURSE own CONFIGURE_DEPENDS RELATIVE ${CMAKE_SOURCE_DIR}/proto ${CMAKE_SOURCE_DIR}/proto/*.proto)
  set(google google/rpc/status.proto google/rpc/error_details.proto)
  foreach(proto ${own} ${google})
    string(REGEX REPLACE "\\.proto$" "" stem ${proto})
    set(root ${CMAKE_SOURCE_DIR}/proto)
    if(proto IN_LIST google)
      set(root ${GOOGLEAPIS})
    endif()
    set(outputs ${gen}/${stem}.pb.cc ${gen}/${stem}.pb.h)
    list(APPEND messages ${outputs})
    set(plugin)
    file(STRINGS ${root}/${proto} services REGEX "^service ")
    if(services)
      set(stub ${gen}/${stem}.grpc.pb.cc ${gen}/${stem}.grpc.pb.h)
      list(APPEND outputs ${stub})
      list(APPEND stubs ${stub})
      set(plugin --grpc_out=${gen} --plugin=protoc-gen-grpc=${GRPC_CPP_PLUGIN})
    endif()
    add_custom_command(
      OUTPUT ${outputs}
      COMMAND ${PROTOC} -I ${CMAKE_SOURCE_DIR}/proto -I ${GOOGLEAPIS} --cpp_out=${gen} ${plugin} ${root}/${proto}
      DEPENDS ${root}/${proto}
      COMMENT "Generating ${stem}")
  endforeach()
  add_library(alliance_proto STATIC ${messages})
  target_compile_options(alliance_proto PRIVATE -w -g0)
  target_link_libraries(alliance_proto PUBLIC protobuf::libprotobuf)
  target_precompile_headers(alliance_proto PRIVATE ${CMAKE_SOURCE_DIR}/cmake/messages.h)
  add_library(alliance_grpc STATIC ${stubs})
  target_compile_options(alliance_grpc PRIVATE -w -g0 -O0 -U_FORTIFY_SOURCE)
  target_link_libraries(alliance_grpc PUBLIC alliance_proto gRPC::grpc++)
  alliance_unity(alliance_grpc)
endfunction()

# alliance_library(NAME [FOLDER dir] [PCH header …] [DEPS …] [PRIVATE …] [TEST_DEPS …]): common/NAME becomes
# alliance_NAME, its *_test.cc one test binary NAME_test.
function(alliance_library name)
  cmake_parse_arguments(A "" "FOLDER" "PCH;DEPS;PRIVATE;TEST_DEPS" ${ARGN})
  if(NOT A_FOLDER)
    set(A_FOLDER common/${name})
  endif()
  file(GLOB sources CONFIGURE_DEPENDS ${A_FOLDER}/*.cc)
  set(tests ${sources})
  list(FILTER tests INCLUDE REGEX "_test\\.cc$")
  list(FILTER sources EXCLUDE REGEX "(_test|/main)\\.cc$")
  if(sources)
    add_library(alliance_${name} STATIC ${sources})
    target_link_libraries(alliance_${name} PUBLIC ${A_DEPS} PRIVATE ${A_PRIVATE} Threads::Threads)
    alliance_unity(alliance_${name})
    if(A_PCH AND NOT ALLIANCE_UNITY)
      target_precompile_headers(alliance_${name} PRIVATE ${A_PCH})
    endif()
  else()
    add_library(alliance_${name} INTERFACE)
    target_link_libraries(alliance_${name} INTERFACE ${A_DEPS} ${A_PRIVATE} Threads::Threads)
  endif()
  if(tests)
    add_executable(${name}_test ${tests})
    target_link_libraries(${name}_test PRIVATE alliance_${name} ${A_PRIVATE} ${A_TEST_DEPS} GTest::gtest GTest::gtest_main)
    alliance_low_optimisation(${name}_test)
    if(name MATCHES "^(domain|rules|db|base|crypto|print)$")
      # Small files with light headers, whose helpers often have the same names: each by itself.
      alliance_test_header(${name}_test)
    else()
      alliance_unity(${name}_test)
    endif()
    add_test(NAME ${name} COMMAND ${name}_test)
    set_tests_properties(${name} PROPERTIES TIMEOUT 300)
  endif()
endfunction()

# alliance_service(NAME [BINARY name] [DEPS …]): services/NAME becomes the library alliance_NAME, its
# test binary, and the program NAME in build/<preset>/bin.
function(alliance_service name)
  cmake_parse_arguments(A "" "BINARY" "DEPS" ${ARGN})
  if(NOT A_BINARY)
    set(A_BINARY ${name})
  endif()
  # What its handlers share.
  set(pch ${CMAKE_SOURCE_DIR}/common/act/act.h ${CMAKE_SOURCE_DIR}/common/act/shape.h
          ${CMAKE_SOURCE_DIR}/common/rules/packs.h ${CMAKE_SOURCE_DIR}/common/domain/errors.h)
  if(EXISTS ${CMAKE_SOURCE_DIR}/proto/alliance/${name}/v1/${name}.proto)
    list(APPEND pch <alliance/${name}/v1/${name}.pb.h>)
  endif()
  alliance_library(${name} FOLDER services/${name} PCH ${pch}
                   DEPS alliance_process alliance_case alliance_rules alliance_grpc ${A_DEPS}
                   TEST_DEPS alliance_testing)
  # The only file of a service that sees gRPC; it forwards.
  if(EXISTS ${CMAKE_SOURCE_DIR}/services/${name}/service.cc)
    set_source_files_properties(services/${name}/service.cc PROPERTIES
                                SKIP_UNITY_BUILD_INCLUSION ON COMPILE_OPTIONS -O1)
  endif()
  if(EXISTS ${CMAKE_SOURCE_DIR}/services/${name}/main.cc)
    add_executable(alliance_${name}_bin services/${name}/main.cc)
    set_target_properties(alliance_${name}_bin PROPERTIES OUTPUT_NAME ${A_BINARY}
                          RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
    target_link_libraries(alliance_${name}_bin PRIVATE alliance_${name})
  endif()
endfunction()

# The commit in --version; a new commit configures again. An image is built without .git and is told.
find_package(Git QUIET)
if(NOT DEFINED CACHE{ALLIANCE_COMMIT})
  set(ALLIANCE_COMMIT unknown)
endif()
if(NOT DEFINED CACHE{ALLIANCE_COMMIT} AND GIT_FOUND AND EXISTS ${CMAKE_SOURCE_DIR}/.git)
  execute_process(COMMAND ${GIT_EXECUTABLE} rev-parse --short HEAD WORKING_DIRECTORY ${CMAKE_SOURCE_DIR}
                  OUTPUT_VARIABLE commit OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  if(commit)
    set(ALLIANCE_COMMIT ${commit})
  endif()
  if(EXISTS ${CMAKE_SOURCE_DIR}/.git/logs/HEAD)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/.git/logs/HEAD)
  endif()
endif()
set_source_files_properties(${CMAKE_SOURCE_DIR}/common/process/version.cc PROPERTIES COMPILE_DEFINITIONS
  "ALLIANCE_VERSION=\"${PROJECT_VERSION}\";ALLIANCE_COMMIT=\"${ALLIANCE_COMMIT}\"")
