#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
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
extern const Literal kMarkers;     ///< markers.svg: the shapes of gnuplot's point types, once a page

/// The page's content security policy: nothing from outside, and of style and script only what this program
/// wrote, by its SHA-256.
std::string content_security_policy();

/// Writes a page. Everything that is no Literal is escaped here and nowhere else.
class Html {
 public:
  /// With `draw` gnuplot draws the figures; without, the page has their tables alone.
  explicit Html(bool draw = false) : draw_(draw) {}

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

  /// A sentence, whose first word before a colon is the verdict.
  void verdict(const std::string& sentence, bool good);
  void none(const std::string& why) { element("p", {{"class", "none"}}, why); }
  void bullets(const std::vector<std::string>& lines, const std::string& kind);
  void block(const std::string& text);

  /// A table that scrolls in itself, with its first column kept in sight; nothing for an empty one. `kind` is
  /// "sortable", "heat", "facts" or empty; `label` names it for who does not see it.
  void table(const Table& data, const std::string& label, const std::string& kind = "");

  /// The same behind a line that opens it.
  void fold(const std::string& label, const Table& data, const std::string& kind = "");

  /// Several with a name each behind one line; the empty ones are left out.
  void fold(const std::string& label, const std::vector<std::pair<std::string, Table>>& tables);

  /// Drawings, legend and caption; or the sentence in their place.
  void figure(const Figure& figure, const std::string& panels = "panels");

  const std::string& page() const noexcept { return page_; }

 private:
  void close(Literal tag);
  void row(const Table& data, const Table::Row& row);
  void drawn(const Figure& figure, const std::string& panels);

  std::string page_;
  bool draw_;
};

/// Writes gnuplot's SVG into a page: only the elements and attributes that draw, colours as classes "s-",
/// "f-" and "c-" with the ink's name (stroke, fill, colour of a marker), markers as references to
/// markers.svg, no ids, no styles, no outside reference. `label` says what the picture shows. Throws
/// std::runtime_error for what is not SVG of gnuplot's kind.
void write_svg(Html& html, const std::string& svg, const std::string& label);

/// A marker by itself, for a legend: gnuplot's point type in its ink.
void write_marker(Html& html, Look look);

}  // namespace mlpbench
