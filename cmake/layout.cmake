# Where things lie. The build folder has the layout of an installation, so that programs find their files by
# one rule (experiments/files.h). bin/ has the programs, share/mlpbench/ their data, share/ completions and
# manual pages.
include(GNUInstallDirs)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)
cmake_path(RELATIVE_PATH CMAKE_INSTALL_FULL_DATADIR BASE_DIRECTORY ${CMAKE_INSTALL_FULL_BINDIR}
           OUTPUT_VARIABLE data_from_programs)
set(MLPBENCH_FILES_FROM_PROGRAMS ${data_from_programs}/mlpbench)
cmake_path(RELATIVE_PATH CMAKE_INSTALL_FULL_LIBDIR BASE_DIRECTORY ${CMAKE_INSTALL_FULL_BINDIR}
           OUTPUT_VARIABLE libraries_from_programs)
set(MLPBENCH_MODULES_FROM_PROGRAMS ${libraries_from_programs}/mlpbench)

set(files ${PROJECT_BINARY_DIR}/share/mlpbench)
file(MAKE_DIRECTORY ${files})
file(CREATE_LINK ${PROJECT_SOURCE_DIR}/experiments/data ${files}/data SYMBOLIC)
file(CREATE_LINK ${PROJECT_SOURCE_DIR}/tests/reference ${files}/reference SYMBOLIC)
file(CREATE_LINK ${PROJECT_SOURCE_DIR}/bench/peers ${files}/peers SYMBOLIC)

# mlpbench_public_library(NAME [header...])
#
# Others may link the library mlpbench_NAME as mlpbench::NAME. The headers, by default all below this folder, are its
# interface and are installed with it.
function(mlpbench_public_library name)
  set(target mlpbench_${name})
  add_library(mlpbench::${name} ALIAS ${target})
  set_target_properties(${target} PROPERTIES EXPORT_NAME ${name})
  # Modules (backends/modules) and plug-ins hold a copy each, which nobody else may see or be given.
  set_target_properties(${target} PROPERTIES POSITION_INDEPENDENT_CODE ON
                                             CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON)
  set(headers ${ARGN})
  if(NOT headers)
    file(GLOB_RECURSE headers CONFIGURE_DEPENDS *.h)
  endif()
  target_sources(${target} PUBLIC FILE_SET HEADERS BASE_DIRS ${PROJECT_SOURCE_DIR} FILES ${headers})
  target_compile_features(${target} PUBLIC cxx_std_20)
endfunction()
