#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "bench/report/plot.h"
#include "support/table.h"

namespace mlpbench {

/// Text of the source code: the only text that a page takes as it is.
class Literal {
 public:
  template <std::size_t N>
  consteval Literal(const char (&text)[N]) : text_(text, N - 1) {}

  constexpr std::string_view view() const noexcept { return text_; }

 private:
  std::string_view text_;
};

// Files that CMake embeds (cmake/embed.cmake).
extern const Literal kPageStyle;   ///< page.css
extern const Literal kPageScript;  ///< page.js
extern const Literal kMarkers;     ///< markers.svg: the shapes of Look::type, once a page

/// The page's content security policy: nothing from outside, and of style and script only what this program
/// wrote, by its SHA-256.
std::string content_security_policy();

/// Writes a page. Everything that is no Literal is escaped here and nowhere else.
class Html {
 public:
  struct Attribute {
    Literal name;
    std::string value;
  };
  using Attributes = std::vector<Attribute>;

  /// An element that is open as long as the object lives.
  class [[nodiscard]] Scope {
   public:
    Scope(Html& html, Literal tag) : html_(html), tag_(tag) {}
    ~Scope() { html_.close(tag_); }
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;

   private:
    Html& html_;
    Literal tag_;
  };
  Scope scope(Literal tag, const Attributes& attributes = {});

  void element(Literal tag, const Attributes& attributes, std::string_view text);
  void element(Literal tag, std::string_view text) { element(tag, {}, text); }

  /// An element without content or end tag: meta, br.
  void lone(Literal tag, const Attributes& attributes);

  /// One line; control characters as \xNN, and past 2000 bytes cut off.
  void text(std::string_view text);

  /// Lines that stay lines, for `pre`.
  void lines(std::string_view text);

  void literal(Literal text) { page_ += text.view(); }

  /// For a script of type application/json: no "<" is left that could end it.
  void json(const nlohmann::ordered_json& value);

  /// A sentence, whose words before a colon or full stop are the verdict. `tone` is "good", "bad" or empty.
  void verdict(const std::string& sentence, std::string_view tone);

  /// h2, h3 or h4 with a link to itself, whose name is made of `id`, or else of the text.
  void heading(Literal tag, const std::string& text, const std::string& id = "");

  /// A line that opens what is written as long as the scope lives; on paper it is open. With `data` it is a
  /// list for programs, which stays closed there.
  Scope fold(const std::string& label, bool data = false);

  void bullets(const std::vector<std::string>& lines, const std::string& kind);
  void block(const std::string& text);

  /// A table that scrolls in itself, with its first column kept in sight; nothing for an empty one. Columns
  /// in which all rows say the same are a line below it. `kind` is "sortable", "heat", "facts" or empty;
  /// `label` names it for who does not see it.
  void table(const Table& data, const std::string& label, const std::string& kind = "sortable");

  /// The same in a fold.
  void folded(const std::string& label, const Table& data, const std::string& kind = "sortable");

  /// Marks and their words. With scripts on, those that switch are buttons.
  void legend(const std::vector<Figure::Mark>& marks, const Attributes& attributes);

  /// Legend, drawings and caption; nothing for an empty one.
  void figure(const Figure& figure);

  /// Everything that another one has written.
  void append(const Html& other) { page_ += other.page_; }

  const std::string& page() const noexcept { return page_; }
  bool empty() const noexcept { return page_.empty(); }

 private:
  void close(Literal tag);
  void row(const Table& data, const Table::Row& row);

  std::string page_;
  std::set<std::string> ids_;
};

/// A part of a page: where the contents point to, its heading, what it holds.
struct PagePart {
  std::string id, title;
  Html content;
};

/// The whole page: its head, what stands above all parts, the contents, the parts. `names` are what the
/// page's filter can leave out.
std::string whole_page(const std::string& title, const Html& top, const std::vector<PagePart>& parts,
                       const std::vector<Figure::Mark>& names, const std::string& footer);

/// Draws a panel (svg.cpp). Colours are classes "s-", "f-" and "c-" with the ink's name (stroke, fill, colour
/// of a marker). Markers are references to markers.svg. Each mark is a <g class="v"> whose title is its
/// value. `label` says what the picture shows.
void write_panel(Html& html, const Panel& panel, const std::string& label);

/// A marker by itself, for a legend.
void write_marker(Html& html, const Look& look);

}  // namespace mlpbench
