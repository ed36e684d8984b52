# cpack: a .deb and a tarball of the programs, their modules and their files. scripts/package calls it.
#
# Both have the component Runtime. The .deb depends on the libraries of the system, which dpkg-shlibdeps finds. The
# tarball carries its own copies of them beside the modules, in the component Bundled.
set(module_folder ${CMAKE_INSTALL_LIBDIR}/mlpbench)
cmake_path(RELATIVE_PATH CMAKE_INSTALL_FULL_LIBDIR BASE_DIRECTORY ${CMAKE_INSTALL_FULL_BINDIR} OUTPUT_VARIABLE from_programs)
set_target_properties(${programs} PROPERTIES INSTALL_RPATH "$ORIGIN/${from_programs}/mlpbench")
if(modules)
  set_target_properties(${modules} PROPERTIES INSTALL_RPATH "$ORIGIN")
endif()
if(of_programs)
  install(RUNTIME_DEPENDENCY_SET mlpbench_libraries
          PRE_EXCLUDE_REGEXES "^ld-linux" "^lib(c|m|gcc_s|stdc\\+\\+)\\.so"
          LIBRARY DESTINATION ${module_folder} COMPONENT Bundled EXCLUDE_FROM_ALL)
endif()

set(CPACK_PACKAGE_VENDOR mlpbench)
set(CPACK_PACKAGE_CONTACT "the authors of mlpbench")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_DESCRIPTION}")
set(CPACK_RESOURCE_FILE_LICENSE ${PROJECT_SOURCE_DIR}/LICENSE)
set(CPACK_PACKAGE_DIRECTORY ${PROJECT_BINARY_DIR}/packages)
set(CPACK_PACKAGE_FILE_NAME mlpbench-${PROJECT_VERSION}-${CMAKE_SYSTEM_NAME}-${CMAKE_SYSTEM_PROCESSOR})
set(CPACK_GENERATOR DEB TGZ)
set(CPACK_STRIP_FILES ON)
set(CPACK_COMPONENTS_GROUPING ALL_COMPONENTS_IN_ONE)
set(CPACK_PROJECT_CONFIG_FILE ${PROJECT_SOURCE_DIR}/cmake/components.cmake)

set(CPACK_ARCHIVE_COMPONENT_INSTALL ON)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
# What backends open by themselves, and what --plot needs. A backend without its library says so.
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "libopenblas0, libblis4-pthread, libblas3, gnuplot-nox")
set(CPACK_DEBIAN_PACKAGE_CONFLICTS predict)  # which has another /usr/bin/predict
include(CPack)
