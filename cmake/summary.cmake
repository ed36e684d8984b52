# The last lines of a configure run: which backends are built, and why another is not.
message(STATUS "")
message(STATUS "mlpbench ${PROJECT_VERSION}, ${CMAKE_BUILD_TYPE}, ${CMAKE_CXX_COMPILER_ID} ${CMAKE_CXX_COMPILER_VERSION}")
get_property(lines GLOBAL PROPERTY MLPBENCH_BACKEND_SUMMARY)
foreach(line IN LISTS lines)
  message(STATUS "  backend ${line}")
endforeach()
message(STATUS "")
