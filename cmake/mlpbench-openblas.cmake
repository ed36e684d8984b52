# The target mlpbench::OpenBLAS, where the library is installed; its own package has only variables. Read by the build
# and, as a part of the package, by whoever links the installed libraries.
find_package(OpenBLAS CONFIG QUIET)
if(OpenBLAS_FOUND AND NOT TARGET mlpbench::OpenBLAS)
  add_library(mlpbench::OpenBLAS INTERFACE IMPORTED)
  target_include_directories(mlpbench::OpenBLAS SYSTEM INTERFACE ${OpenBLAS_INCLUDE_DIRS})
  target_link_libraries(mlpbench::OpenBLAS INTERFACE ${OpenBLAS_LIBRARIES})
endif()
