# mlpbench_precompile(TARGET...): these targets read the standard library, fmt and nlohmann/json from one precompiled
# header. Half of a build was the parsing of them, file by file. Kernels and the public libraries do without: kernels have
# flags of their own.
file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/precompiled.cpp CONTENT "")
add_library(mlpbench_precompiled OBJECT EXCLUDE_FROM_ALL ${PROJECT_BINARY_DIR}/precompiled.cpp)
target_link_libraries(mlpbench_precompiled PRIVATE mlpbench_options fmt::fmt nlohmann_json::nlohmann_json)
target_precompile_headers(mlpbench_precompiled PRIVATE
  <algorithm> <atomic> <chrono> <cmath> <filesystem> <functional> <map> <memory> <optional> <span> <string>
  <string_view> <vector> <fmt/format.h> <fmt/ranges.h> <nlohmann/json.hpp>)

# GCC 12 forgets which lines of a precompiled header are a system header's, and reports what it inlines from the
# standard library's strings.
function(mlpbench_quiet_precompiled target)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_compile_options(${target} PRIVATE -Wno-array-bounds -Wno-stringop-overflow -Wno-stringop-overread)
  endif()
endfunction()

function(mlpbench_precompile)
  foreach(target IN LISTS ARGN)
    target_link_libraries(${target} PRIVATE fmt::fmt)
    target_precompile_headers(${target} REUSE_FROM mlpbench_precompiled)
    mlpbench_quiet_precompiled(${target})
  endforeach()
endfunction()
