# cmake -DOBJDUMP=objdump -DOBJECTS=kernels_float32.cpp.o;... -DVEC=backends/NAME/vec.h -P tile_loops.cmake
#
# Fails when a compiler keeps a tile's accumulators in memory: see tile_loops.awk. Needs no CPU that runs the kernels.
file(READ ${VEC} vec)
foreach(constant IN ITEMS registers tile_vecs)
  if(NOT vec MATCHES "static constexpr int ${constant} = ([0-9]+);")
    message(FATAL_ERROR "${VEC} does not say ${constant}")
  endif()
  set(${constant} ${CMAKE_MATCH_1})
endforeach()
execute_process(COMMAND ${OBJDUMP} -dC --no-show-raw-insn ${OBJECTS}
                COMMAND awk -v registers=${registers} -v tile_vecs=${tile_vecs} -f ${CMAKE_CURRENT_LIST_DIR}/tile_loops.awk
                OUTPUT_VARIABLE report RESULTS_VARIABLE results)
message(STATUS "${OBJECTS}:\n${report}")
if(NOT results STREQUAL "0;0")
  message(FATAL_ERROR "a tile of ${OBJECTS} is not what it was written to be (exit codes ${results})")
endif()
