# Labels, time limits and locks of every test, and the tests over several processes.
#
#   fast    what a commit needs (tests/run --fast): pure logic, wire code, the operator's command
#           line, tidy; seconds each
#   store   private MariaDB: stores, handlers, audit, outbox
#   e2e, faults   the processes of deploy/up in a run folder and on ports of their own
#   slow    only in tests/run --all
find_program(PYTHON3 python3 REQUIRED)

# Test binaries of a few seconds. The others run whole services on a MariaDB of their own.
set(fast base domain crypto rules print obs rpc ctl)
get_property(unit DIRECTORY PROPERTY TESTS)
foreach(test ${unit})
  if(test IN_LIST fast)
    set_tests_properties(${test} PROPERTIES LABELS "unit;fast")
  else()
    set_tests_properties(${test} PROPERTIES LABELS "unit;store" TIMEOUT 600)
  endif()
endforeach()

add_test(NAME tidy COMMAND ${PYTHON3} ${CMAKE_SOURCE_DIR}/tests/tidy/tidy.py --root ${CMAKE_SOURCE_DIR})
add_test(NAME tidy_self COMMAND ${PYTHON3} ${CMAKE_SOURCE_DIR}/tests/tidy/tidy_test.py)
# The notice, sentence by sentence, against the requirements, the pack, the workflow and the tests: docs/law.md.
add_test(NAME law COMMAND ${PYTHON3} ${CMAKE_SOURCE_DIR}/tests/law/law.py --check)
add_test(NAME law_self COMMAND ${PYTHON3} ${CMAKE_SOURCE_DIR}/tests/law/law_test.py)
add_test(NAME deploy_scripts COMMAND ${CMAKE_SOURCE_DIR}/tests/deploy/run)
# The API of the last release, proto/api.txt, is still there.
add_test(NAME api COMMAND ${CMAKE_SOURCE_DIR}/tests/api/api.py)
add_test(NAME api_self COMMAND ${CMAKE_SOURCE_DIR}/tests/api/api_test.py)
set_tests_properties(tidy tidy_self law law_self api api_self deploy_scripts PROPERTIES LABELS "tidy;fast" TIMEOUT 120)

# Manifests and alerts, without a cluster.
add_test(NAME k8s COMMAND ${CMAKE_SOURCE_DIR}/tests/k8s/run ${CMAKE_BINARY_DIR}/bin)
add_test(NAME alerts COMMAND ${CMAKE_SOURCE_DIR}/tests/alerts/run)
add_test(NAME hardening COMMAND ${CMAKE_SOURCE_DIR}/tests/hardening/run ${CMAKE_BINARY_DIR}/bin)
set_tests_properties(k8s alerts hardening PROPERTIES LABELS "k8s" TIMEOUT 300)

# alliance_suite_test(NAME LABEL SECONDS): tests/NAME/run, with the programs of this build. Two suites
# never run at once: they share the machine's ports and its two cores.
function(alliance_suite_test name label seconds)
  if(EXISTS ${CMAKE_SOURCE_DIR}/tests/${name}/run)
    add_test(NAME ${name} COMMAND ${CMAKE_SOURCE_DIR}/tests/${name}/run WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
    set_tests_properties(${name} PROPERTIES LABELS ${label} TIMEOUT ${seconds} RUN_SERIAL ON)
  endif()
endfunction()
alliance_suite_test(e2e e2e 900)
alliance_suite_test(faults faults 900)
alliance_suite_test(upgrade e2e 300)
alliance_suite_test(scrape slow 300)
alliance_suite_test(image slow 1800)

# The programs of tests/bench/run, which builds them itself.
add_executable(bench_load EXCLUDE_FROM_ALL ${CMAKE_SOURCE_DIR}/tests/bench/load.cc
               ${CMAKE_SOURCE_DIR}/tests/bench/edges.cc)
add_executable(bench_floor EXCLUDE_FROM_ALL ${CMAKE_SOURCE_DIR}/tests/bench/floor.cc)
foreach(program bench_load bench_floor)
  target_link_libraries(${program} PRIVATE alliance_filing Boost::headers)
  set_target_properties(${program} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
endforeach()
