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
                    -fno-omit-frame-pointer)
add_compile_definitions(ALLIANCE_SOURCE_DIR="${CMAKE_SOURCE_DIR}" ALLIANCE_BINARY_DIR="${CMAKE_BINARY_DIR}")
if(ALLIANCE_SANITIZE)
  add_compile_options(-fsanitize=${ALLIANCE_SANITIZE} -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${ALLIANCE_SANITIZE})
endif()
include_directories(${CMAKE_SOURCE_DIR})
include_directories(SYSTEM ${CMAKE_BINARY_DIR}/gen)

# One precompiled header for everything that sees gRPC: parsing it is most of such a file's cost.
# Generated code is compiled with it too, so its warnings are not errors.
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
    set(plugin)
    file(STRINGS ${root}/${proto} services REGEX "^service ")
    if(services)
      list(APPEND outputs ${gen}/${stem}.grpc.pb.cc ${gen}/${stem}.grpc.pb.h)
      set(plugin --grpc_out=${gen} --plugin=protoc-gen-grpc=${GRPC_CPP_PLUGIN})
    endif()
    add_custom_command(
      OUTPUT ${outputs}
      COMMAND ${PROTOC} -I ${CMAKE_SOURCE_DIR}/proto -I ${GOOGLEAPIS} --cpp_out=${gen} ${plugin} ${root}/${proto}
      DEPENDS ${root}/${proto}
      COMMENT "Generating ${stem}")
    list(APPEND sources ${outputs})
  endforeach()
  add_library(alliance_proto STATIC ${sources})
  target_compile_options(alliance_proto PRIVATE -w)
  target_link_libraries(alliance_proto PUBLIC gRPC::grpc++ protobuf::libprotobuf)
  target_precompile_headers(alliance_proto PRIVATE ${CMAKE_SOURCE_DIR}/cmake/pch.h)
endfunction()

# alliance_library(NAME [FOLDER dir] [PCH] [DEPS …] [PRIVATE …] [TEST_DEPS …]): common/NAME becomes
# alliance_NAME, its *_test.cc one test binary NAME_test.
function(alliance_library name)
  cmake_parse_arguments(A "PCH" "FOLDER" "DEPS;PRIVATE;TEST_DEPS" ${ARGN})
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
    if(A_PCH)
      target_precompile_headers(alliance_${name} REUSE_FROM alliance_proto)
      target_compile_options(alliance_${name} PRIVATE -Winvalid-pch)
    endif()
  else()
    add_library(alliance_${name} INTERFACE)
    target_link_libraries(alliance_${name} INTERFACE ${A_DEPS} ${A_PRIVATE} Threads::Threads)
  endif()
  if(tests)
    add_executable(${name}_test ${tests})
    target_link_libraries(${name}_test PRIVATE alliance_${name} ${A_PRIVATE} ${A_TEST_DEPS} GTest::gtest GTest::gtest_main)
    if(A_PCH)
      target_precompile_headers(${name}_test REUSE_FROM alliance_proto)
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
  alliance_library(${name} FOLDER services/${name} PCH
                   DEPS alliance_process alliance_rules alliance_proto ${A_DEPS}
                   TEST_DEPS alliance_testing)
  if(EXISTS ${CMAKE_SOURCE_DIR}/services/${name}/main.cc)
    add_executable(alliance_${name}_bin services/${name}/main.cc)
    set_target_properties(alliance_${name}_bin PROPERTIES OUTPUT_NAME ${A_BINARY}
                          RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
    target_link_libraries(alliance_${name}_bin PRIVATE alliance_${name})
    target_precompile_headers(alliance_${name}_bin REUSE_FROM alliance_proto)
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
