# `cmake --install`: the programs, and the libraries with their public headers and the package that
# find_package(muster CONFIG) reads. Each folder is a component with an export of its own, so that
# one who wants the parser alone needs none of the others' dependencies.

include(CMakePackageConfigHelpers)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/muster)

foreach(component parser core journal sip http)
  install(TARGETS muster_${component} EXPORT muster-${component}
          ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
  install(EXPORT muster-${component} NAMESPACE muster:: DESTINATION ${package_dir})
  install(DIRECTORY ${component}/include/ DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
          FILES_MATCHING PATTERN "*.h")
endforeach()
install(TARGETS musterd RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})

configure_package_config_file(cmake/muster-config.cmake.in muster-config.cmake
                              INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(muster-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/muster-config.cmake
              ${CMAKE_CURRENT_BINARY_DIR}/muster-config-version.cmake
        DESTINATION ${package_dir})
