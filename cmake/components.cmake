# Which components a package has; cpack reads this once for each generator.
set(CPACK_COMPONENTS_ALL Runtime)
if(CPACK_GENERATOR STREQUAL "TGZ")
  list(APPEND CPACK_COMPONENTS_ALL Bundled)
  set(CPACK_COMPONENT_INCLUDE_TOPLEVEL_DIRECTORY ON)
endif()
