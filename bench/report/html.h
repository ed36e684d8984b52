#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

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

  /// What another Html has written.
  void append(const Html& part) { page_ += part.page_; }

  const std::string& page() const noexcept { return page_; }

 private:
  void close(Literal tag);

  std::string page_;
};

}  // namespace mlpbench
