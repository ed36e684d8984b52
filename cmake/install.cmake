# cmake --install BUILD --prefix PREFIX: the programs with their data, completions and manual pages; the libraries with
# their headers and the package for find_package(mlpbench).
include(CMakePackageConfigHelpers)
get_property(programs GLOBAL PROPERTY MLPBENCH_PROGRAMS)
set(of_programs "")
if(NOT CMAKE_CROSSCOMPILING)  # CMake finds libraries of the machine at hand alone
  set(of_programs RUNTIME_DEPENDENCY_SET mlpbench_libraries)
endif()
install(TARGETS ${programs} ${of_programs} COMPONENT Runtime)
get_property(modules GLOBAL PROPERTY MLPBENCH_MODULES)
if(modules)
  install(TARGETS ${modules} LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}/mlpbench COMPONENT Runtime)
endif()
install(DIRECTORY experiments/data DESTINATION ${CMAKE_INSTALL_DATADIR}/mlpbench COMPONENT Runtime)
install(DIRECTORY tests/reference DESTINATION ${CMAKE_INSTALL_DATADIR}/mlpbench COMPONENT Runtime
        FILES_MATCHING PATTERN "*.json")
install(DIRECTORY bench/peers DESTINATION ${CMAKE_INSTALL_DATADIR}/mlpbench COMPONENT Runtime
        FILES_MATCHING PATTERN "*.py")
foreach(folder bash-completion zsh fish)
  install(DIRECTORY ${PROJECT_BINARY_DIR}/share/${folder} DESTINATION ${CMAKE_INSTALL_DATADIR} COMPONENT Runtime)
endforeach()
install(DIRECTORY ${PROJECT_BINARY_DIR}/share/man/man1 DESTINATION ${CMAKE_INSTALL_MANDIR} COMPONENT Runtime)
install(FILES README.md CHANGELOG.md LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT Runtime)
install(DIRECTORY docs/ DESTINATION ${CMAKE_INSTALL_DOCDIR}/docs COMPONENT Runtime)

# Includes read "core/backend.h", as in the source tree.
set(package ${CMAKE_INSTALL_LIBDIR}/cmake/mlpbench)
install(TARGETS mlpbench_support mlpbench_core mlpbench_backends EXPORT mlpbench
        ARCHIVE COMPONENT Development
        FILE_SET HEADERS DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/mlpbench COMPONENT Development)
install(EXPORT mlpbench NAMESPACE mlpbench:: FILE mlpbench-targets.cmake DESTINATION ${package} COMPONENT Development)

configure_package_config_file(cmake/mlpbench-config.cmake.in mlpbench-config.cmake INSTALL_DESTINATION ${package})

# The version's first two numbers are the interface's; find_package() refuses others. CMake then says so in ten lines.
set(version_file ${PROJECT_BINARY_DIR}/mlpbench-config-version.cmake)
write_basic_package_version_file(${version_file} COMPATIBILITY SameMinorVersion)
file(APPEND ${version_file} [[
if(PACKAGE_FIND_VERSION AND NOT PACKAGE_VERSION_COMPATIBLE AND NOT mlpbench_FIND_QUIETLY)
  message(STATUS "mlpbench ${PACKAGE_VERSION} has another interface than ${PACKAGE_FIND_VERSION}, which is asked for: "
                 "${CMAKE_CURRENT_LIST_DIR}")
endif()
]])
install(FILES ${PROJECT_BINARY_DIR}/mlpbench-config.cmake ${version_file}
        DESTINATION ${package} COMPONENT Development)

include(cmake/packages.cmake)
