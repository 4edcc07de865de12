# `cmake --install`: the programs, and the libraries with their public headers and the package that
# find_package(muster CONFIG) reads. Each folder is a component with an export of its own, so that
# one who wants the parser alone needs none of the others' dependencies, and can install it alone:
# `cmake --install BUILD --component parser`.

include(CMakePackageConfigHelpers)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/muster)

configure_package_config_file(cmake/muster-config.cmake.in muster-config.cmake
                              INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(muster-config-version.cmake COMPATIBILITY SameMinorVersion)

foreach(component parser core journal sip http)
  install(TARGETS muster_${component} EXPORT muster-${component}
          ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT ${component})
  install(EXPORT muster-${component} NAMESPACE muster:: DESTINATION ${package_dir}
          COMPONENT ${component})
  install(DIRECTORY ${component}/include/ DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
          COMPONENT ${component} FILES_MATCHING PATTERN "*.h")
  # With each of them, since each may be the only one.
  install(FILES ${CMAKE_CURRENT_BINARY_DIR}/muster-config.cmake
                ${CMAKE_CURRENT_BINARY_DIR}/muster-config-version.cmake
          DESTINATION ${package_dir} COMPONENT ${component})
endforeach()
install(TARGETS musterd RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
