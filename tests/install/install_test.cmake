# Installs BUILD below FOLDER, moves the installation, and uses it: the programs, their shell files, and the libraries in
# a project of its own. Called by ctest with BUILD, SOURCE, FOLDER, GENERATOR, COMPILER, BUILD_TYPE, LIBRARIES (of
# GNUInstallDirs), VERSION and PROGRAMS.
cmake_minimum_required(VERSION 3.25)

function(run what)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "OUTPUT;FAILS" "COMMAND")
  execute_process(COMMAND ${arg_COMMAND} RESULT_VARIABLE code OUTPUT_VARIABLE out ERROR_VARIABLE err)
  if(NOT code EQUAL 0 AND NOT arg_FAILS)
    message(FATAL_ERROR "${what}: ${code}\n${out}${err}")
  elseif(arg_FAILS AND (code EQUAL 0 OR NOT "${out}${err}" MATCHES "${arg_FAILS}"))
    message(FATAL_ERROR "${what}: expected an error with ${arg_FAILS}\n${out}${err}")
  endif()
  if(arg_OUTPUT)
    set(${arg_OUTPUT} "${out}" PARENT_SCOPE)
  endif()
endfunction()

function(expect_files root)
  foreach(file IN LISTS ARGN)
    if(NOT EXISTS ${root}/${file})
      message(FATAL_ERROR "${root}/${file} was not installed")
    endif()
  endforeach()
endfunction()

file(REMOVE_RECURSE ${FOLDER})
set(expected share/mlpbench/data/digits.csv share/mlpbench/reference/digits.json include/mlpbench/core/backend.h
             include/mlpbench/backends/registry.h ${LIBRARIES}/cmake/mlpbench/mlpbench-config.cmake)
foreach(program IN LISTS PROGRAMS)
  list(APPEND expected bin/${program} share/man/man1/${program}.1 share/bash-completion/completions/${program}
                       share/zsh/site-functions/_${program} share/fish/vendor_completions.d/${program}.fish)
endforeach()

# As a package is built: DESTDIR in front of the prefix.
run("install with DESTDIR" COMMAND ${CMAKE_COMMAND} -E env DESTDIR=${FOLDER}/staged
    ${CMAKE_COMMAND} --install ${BUILD} --prefix /opt/suite)
expect_files(${FOLDER}/staged/opt/suite ${expected})

# The programs work from wherever the files are moved to, and know nothing of the source tree.
set(prefix ${FOLDER}/moved)
file(RENAME ${FOLDER}/staged/opt/suite ${prefix})
if(BUILD_TYPE STREQUAL "Release")
  execute_process(COMMAND grep -r -l -F ${SOURCE}/ ${prefix} OUTPUT_VARIABLE found)
  if(found)
    message(FATAL_ERROR "these files name the source tree:\n${found}")
  endif()
endif()
set(clean ${CMAKE_COMMAND} -E env --unset=MLPBENCH_DATA_DIR --unset=MLPBENCH_REFERENCE_DIR)
run("the installed mlpbench" COMMAND ${clean} ${prefix}/bin/mlpbench run --quick --rounds 1 --quiet
    --studies none --seeds 1 --experiment breast_cancer --backend naive --dtype float64 --output ${FOLDER}/results)
expect_files(${FOLDER}/results report.md results.json)
run("mlpbench completion" COMMAND ${prefix}/bin/mlpbench completion bash OUTPUT scripts)
foreach(program IN LISTS PROGRAMS)
  if(NOT scripts MATCHES "complete -o filenames -F _${program} ${program}\n")
    message(FATAL_ERROR "mlpbench completion leaves ${program} out")
  endif()
endforeach()
file(REMOVE ${prefix}/share/mlpbench/data/breast_cancer.csv)
run("without its data" COMMAND ${clean} ${prefix}/bin/breast_cancer --epochs 1
    FAILS "${prefix}/share/mlpbench/data/breast_cancer.csv")

# The libraries.
set(configure ${CMAKE_COMMAND} -S ${CMAKE_CURRENT_LIST_DIR}/outside -G ${GENERATOR} -DCMAKE_PREFIX_PATH=${prefix}
              -DCMAKE_CXX_COMPILER=${COMPILER} -DCMAKE_BUILD_TYPE=Release)
run("ask for another interface" COMMAND ${configure} -B ${FOLDER}/other -DINTERFACE=99.0
    FAILS "mlpbench ${VERSION} has another interface than 99.0, which is asked for")
string(REGEX MATCH "^[0-9]+\\.[0-9]+" interface ${VERSION})
run("configure the outside project" COMMAND ${configure} -B ${FOLDER}/outside -DINTERFACE=${interface})
run("build the outside project" COMMAND ${CMAKE_COMMAND} --build ${FOLDER}/outside)
run("run the outside project" COMMAND ${FOLDER}/outside/outside OUTPUT said)
message(STATUS "${said}")
run("a plug-in in an installed program" COMMAND ${prefix}/bin/moons --backend-plugin ${FOLDER}/outside/plugin.so
    --backend plugin)
file(REMOVE_RECURSE ${FOLDER})
