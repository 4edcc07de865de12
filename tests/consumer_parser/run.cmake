# Installs the parser, and it alone, from BUILD_DIR into a folder of its own below WORK_DIR, and
# builds and runs an example against that copy, with no other library to be found.
# cmake -DBUILD_DIR= -DSOURCE_DIR= -DEXAMPLES= -DWORK_DIR= -DCXX_COMPILER= -DCXX_FLAGS= -P run.cmake

set(prefix ${WORK_DIR}/prefix)
set(build ${WORK_DIR}/build)
file(REMOVE_RECURSE ${prefix} ${build})

execute_process(COMMAND ${CMAKE_COMMAND} --install ${BUILD_DIR} --component parser
                        --prefix ${prefix}
                OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)

# One archive, its headers, its package: nothing of the other folders, and no path or library of
# this machine in what a consumer gets with it.
file(GLOB_RECURSE installed RELATIVE ${prefix} ${prefix}/*)
list(FILTER installed EXCLUDE REGEX "/muster/parser/[a-z_]+\\.h$|/libmuster_parser\\.a$")
list(FILTER installed EXCLUDE REGEX "/muster-(config|config-version|parser|parser-[a-z]+)\\.cmake$")
if(installed)
  message(FATAL_ERROR "the parser installs more than itself: ${installed}")
endif()
file(GLOB_RECURSE targets ${prefix}/*/muster-parser.cmake)
file(READ ${targets} text)
string(REGEX MATCHALL "INTERFACE_[A-Z_]+ [^\n]*" interface "${text}")
set(expected "INTERFACE_COMPILE_FEATURES \"cxx_std_20\""
             "INTERFACE_INCLUDE_DIRECTORIES \"\${_IMPORT_PREFIX}/include\"")
if(NOT interface STREQUAL expected)
  message(FATAL_ERROR "the parser asks more of its users than it should: ${interface}")
endif()

execute_process(COMMAND ${CMAKE_COMMAND} -G Ninja -S ${SOURCE_DIR} -B ${build}
                        -DCMAKE_PREFIX_PATH=${prefix} -DCMAKE_CXX_COMPILER=${CXX_COMPILER}
                        -DCMAKE_CXX_FLAGS=${CXX_FLAGS} -DCMAKE_FIND_USE_PACKAGE_REGISTRY=OFF
                        -DCMAKE_DISABLE_FIND_PACKAGE_Threads=ON
                        -DCMAKE_DISABLE_FIND_PACKAGE_absl=ON
                        -DCMAKE_DISABLE_FIND_PACKAGE_Boost=ON
                        -DEXAMPLES=${EXAMPLES}
                COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${CMAKE_COMMAND} --build ${build} COMMAND_ERROR_IS_FATAL ANY)

set(EXAMPLE ${build}/parse_register)
include(${CMAKE_CURRENT_LIST_DIR}/run_example.cmake)
