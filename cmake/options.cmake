# The architecture that is built for, as `uname -m` names it on Linux; macOS calls aarch64 arm64.
string(REPLACE arm64 aarch64 MLPBENCH_ARCHITECTURE "${CMAKE_SYSTEM_PROCESSOR}")

# mlpbench_options: what every target of the suite is compiled with. No instruction set is chosen here; the SIMD
# backends add theirs to their kernels alone (backends/CMakeLists.txt).
add_library(mlpbench_options INTERFACE)
target_compile_features(mlpbench_options INTERFACE cxx_std_20)
target_include_directories(mlpbench_options INTERFACE ${PROJECT_SOURCE_DIR})

# -ffp-contract=off: a compiler that fuses a*b+c where the source does not say so changes NumPy's Gaussian stream and
# the bits of a kernel. Kernels ask for FMA by name.
target_compile_options(mlpbench_options INTERFACE -ffp-contract=off -Wall -Wextra -Wconversion -Wshadow)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # "text" + std::string is reported by GCC 12 (its bug 105651).
  target_compile_options(mlpbench_options INTERFACE -Wno-restrict)
  if(CMAKE_CXX_COMPILER_VERSION VERSION_GREATER_EQUAL 13)
    # It inlines fmt 9's big integers and believes that their buffer has one element (Ubuntu 24.04).
    target_compile_options(mlpbench_options INTERFACE -Wno-array-bounds -Wno-stringop-overflow)
  endif()
endif()
if(MLPBENCH_WERROR)
  target_compile_options(mlpbench_options INTERFACE -Werror)
endif()
if(MLPBENCH_SANITIZE)
  set(flags -fsanitize=${MLPBENCH_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_compile_options(mlpbench_options INTERFACE ${flags})
  target_link_options(mlpbench_options INTERFACE ${flags})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # Instrumented code hides from GCC what is initialised; it then warns of <regex>.
    target_compile_options(mlpbench_options INTERFACE -Wno-maybe-uninitialized)
  endif()
endif()
if(MLPBENCH_COVERAGE)
  target_compile_options(mlpbench_options INTERFACE --coverage)
  target_link_options(mlpbench_options INTERFACE --coverage)
endif()
