# Completions and manual pages, which every program that has options of its own prints itself (--shell-file). They lie in
# the build folder as they are installed.
set(share ${PROJECT_BINARY_DIR}/share)
set(bash ${share}/bash-completion/completions)
set(zsh ${share}/zsh/site-functions)
set(fish ${share}/fish/vendor_completions.d)
set(man ${share}/man/man1)
file(MAKE_DIRECTORY ${bash} ${zsh} ${fish} ${man})

set(shell_files "")
get_property(programs GLOBAL PROPERTY MLPBENCH_PROGRAMS)
foreach(program IN LISTS programs)
  set(files ${bash}/${program} ${zsh}/_${program} ${fish}/${program}.fish ${man}/${program}.1)
  set(kinds bash zsh fish man)
  set(commands "")
  foreach(kind file IN ZIP_LISTS kinds files)
    list(APPEND commands COMMAND ${program} --shell-file ${kind} > ${file})
  endforeach()
  add_custom_command(OUTPUT ${files} ${commands} DEPENDS ${program}
                     COMMENT "Completions and manual page of ${program}" VERBATIM)
  list(APPEND shell_files ${files})
endforeach()
add_custom_target(mlpbench_shell_files ALL DEPENDS ${shell_files})
