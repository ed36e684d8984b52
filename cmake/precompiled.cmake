# mlpbench_precompile(TARGET [HEADER]): the target reads the standard library, fmt and nlohmann/json from one precompiled
# header. Half of a build was the parsing of them, file by file. Kernels do without, and the public libraries have one of
# their own (core/CMakeLists.txt): both have flags of their own.
file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/precompiled.cpp CONTENT "")
set(mlpbench_standard_headers
  <algorithm> <atomic> <chrono> <cmath> <filesystem> <functional> <map> <memory> <optional> <span> <string>
  <string_view> <vector>)
function(mlpbench_precompiled_header name)
  add_library(${name} OBJECT EXCLUDE_FROM_ALL ${PROJECT_BINARY_DIR}/precompiled.cpp)
  target_link_libraries(${name} PRIVATE mlpbench_options fmt::fmt nlohmann_json::nlohmann_json CLI11::CLI11)
  target_precompile_headers(${name} PRIVATE
    ${mlpbench_standard_headers} <fmt/format.h> <fmt/ranges.h> <nlohmann/json.hpp> ${ARGN})
endfunction()
# GCC 12 forgets which lines of a precompiled header are a system header's, and reports what it inlines from the
# standard library's strings.
function(mlpbench_quiet_precompiled target)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_compile_options(${target} PRIVATE -Wno-array-bounds -Wno-stringop-overflow -Wno-stringop-overread)
  endif()
endfunction()

function(mlpbench_precompile target)
  set(header mlpbench_precompiled ${ARGN})
  list(GET header -1 header)
  target_link_libraries(${target} PRIVATE fmt::fmt)
  target_precompile_headers(${target} REUSE_FROM ${header})
  mlpbench_quiet_precompiled(${target})
endfunction()

# mlpbench_compile_fast(TARGET): for code that is compiled more often than its speed is seen, such as options, tables and
# tests. -O1 takes two thirds of the compiler's time at -O3.
function(mlpbench_compile_fast target)
  target_compile_options(${target} PRIVATE $<$<CONFIG:Release>:-O1>)
endfunction()

mlpbench_precompiled_header(mlpbench_precompiled)
# For programs, which all read it. CLI11 defines its validators in every file that does, the empty one here included.
mlpbench_precompiled_header(mlpbench_precompiled_cli <CLI/CLI.hpp>)
mlpbench_compile_fast(mlpbench_precompiled_cli)

# mlpbench_unity(TARGET [COUNT]): COUNT sources, by default eight, are compiled as one. The templates of the standard
# library, fmt and JSON are then made once for all of them. Files of one folder then share their anonymous namespace. Their
# order is the folder's.
function(mlpbench_unity target)
  set(count 8 ${ARGN})
  list(GET count -1 count)
  set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE ${count})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_compile_options(${target} PRIVATE -Wno-subobject-linkage)  # GCC takes the sources that are included for headers
  endif()
endfunction()
