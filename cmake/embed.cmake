# mlpbench_embed(TARGET NAME FILE): TARGET gets the constant `extern const mlpbench::Literal NAME`, the bytes of FILE
# after the comment that it may begin with. Another content of the file makes the source anew.
function(mlpbench_embed target name file)
  file(READ ${file} content)
  string(REGEX REPLACE "^/\\*[^*]*\\*/\n" "" content "${content}")
  string(LENGTH "${content}" bytes)
  if(bytes GREATER 65000 OR content MATCHES "\\)embedded\"")
    message(FATAL_ERROR "${file} does not fit into one raw string of C++")
  endif()
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
  set(source ${PROJECT_BINARY_DIR}/embedded/${name}.cpp)
  file(CONFIGURE OUTPUT ${source} @ONLY CONTENT [[
#include "bench/report/html.h"

namespace mlpbench {
extern const Literal @name@;
const Literal @name@ = R"embedded(@content@)embedded";
}  // namespace mlpbench
]])
  target_sources(${target} PRIVATE ${source})
endfunction()
