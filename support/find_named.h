#pragma once

#include <span>
#include <string>
#include <string_view>

#include "support/error.h"
#include "support/text.h"

namespace mlpbench {

/// Throws UserError, "OPTION: unknown KIND 'NAME'; CHOICES".
[[noreturn]] inline void refuse_name(std::string_view option, std::string_view kind, std::string_view name,
                                     std::string_view choices) {
  throw UserError(std::string(option)
                      .append(": unknown ")
                      .append(kind)
                      .append(" '")
                      .append(name)
                      .append("'; ")
                      .append(choices));
}

/// The entry of a table that has this name. UserError, "OPTION: unknown KIND 'NAME'; there are: ...".
template <typename Entry>
const Entry& find_named(std::span<const Entry> table, std::string_view option, std::string_view kind,
                        std::string_view name) {
  for (const Entry& entry : table) {
    if (entry.name == name) return entry;
  }
  refuse_name(option, kind, name, "there are: " + listed(table, &Entry::name));
}

}  // namespace mlpbench
