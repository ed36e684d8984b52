# cmake -DNM=nm -DOBJECTS=kernels_float32.cpp.o -P kernel_symbols.cmake
#
# Fails when an object file that was compiled for one instruction set defines a symbol that other files may
# define too. Examples are an inline function and a template of the standard library. The linker keeps one
# copy of such a symbol for the whole program. If it keeps this one, code that runs on every CPU ends in an
# illegal instruction on some.
foreach(object IN LISTS OBJECTS)
  # W and V: weak. u: unique in the process. DW.ref: a pointer that the compiler adds for exceptions; it is no code.
  execute_process(COMMAND ${NM} -C --defined-only ${object}
                  COMMAND grep -E "^[0-9a-f]+ [WVu] "
                  COMMAND grep -v "DW\\.ref\\."
                  OUTPUT_VARIABLE shared)
  execute_process(COMMAND ${NM} --defined-only ${object} COMMAND grep -c " [TtDdBbRr] " OUTPUT_VARIABLE own)
  if(NOT own GREATER 0)
    message(SEND_ERROR "${object}: no symbols were found in it, so nothing was checked")
  endif()
  if(shared)
    message(SEND_ERROR "${object} defines symbols that the linker shares:\n${shared}")
  endif()
endforeach()
if(NOT OBJECTS)
  message(SEND_ERROR "there is no object file to check")
endif()
