#pragma once

#include <string>
#include <string_view>

namespace mlpbench {

/// One line that Markdown shows as it is, at most `limit` bytes of it. Table::markdown() escapes the bars.
std::string markdown_escaped(std::string_view text, std::size_t limit = 300);

/// One line for the content or a quoted attribute of XML and HTML, at most `limit` bytes of it.
std::string xml_escaped(std::string_view text, std::size_t limit = 2000);

/// "xeon-gold-6130-2-1-ghz" of "Xeon Gold 6130 @ 2.1 GHz", for the name of a file or of a place in a page. It
/// has small letters, digits and single dashes between them, at most 60. A text without any gives "-".
std::string slug(std::string_view text);

}  // namespace mlpbench
