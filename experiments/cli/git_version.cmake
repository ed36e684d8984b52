# Writes OUTPUT, a header with the commit of SOURCE_DIR, its time and whether its tracked files have changes. Run at every build,
# because a commit does not configure anew; the file is touched only when its content changes. Without git, or where
# SOURCE_DIR is not the top of a checkout (an unpacked archive inside another repository), the answer is "unknown".
set(commit unknown)
set(date unknown)
set(dirty -1)
find_program(GIT_EXECUTABLE git)
if(GIT_EXECUTABLE AND EXISTS ${SOURCE_DIR}/.git)
  execute_process(COMMAND ${GIT_EXECUTABLE} rev-parse --verify HEAD WORKING_DIRECTORY ${SOURCE_DIR}
                  RESULT_VARIABLE failed OUTPUT_VARIABLE hash OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  if(NOT failed)
    set(commit ${hash})
    execute_process(COMMAND ${CMAKE_COMMAND} -E env TZ=UTC ${GIT_EXECUTABLE} show --no-patch
                            --date=format-local:%Y-%m-%dT%H:%M:%SZ --format=%cd HEAD
                    WORKING_DIRECTORY ${SOURCE_DIR} OUTPUT_VARIABLE date OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
    # No optional locks: a build must not disturb a git command that runs at the same time.
    execute_process(COMMAND ${GIT_EXECUTABLE} --no-optional-locks status --porcelain --untracked-files=no
                    WORKING_DIRECTORY ${SOURCE_DIR} RESULT_VARIABLE failed OUTPUT_VARIABLE changes ERROR_QUIET)
    if(NOT failed AND changes STREQUAL "")
      set(dirty 0)
    elseif(NOT failed)
      set(dirty 1)
    endif()
  endif()
endif()
file(CONFIGURE OUTPUT ${OUTPUT} CONTENT
     "#define MLPBENCH_GIT_COMMIT \"${commit}\"\n#define MLPBENCH_GIT_COMMIT_DATE \"${date}\"\n#define MLPBENCH_GIT_DIRTY ${dirty}  // 0 no, 1 yes, -1 unknown\n")
