#pragma once

// Catch2 under one name: version 3 (several headers, names in namespaces of their own) or version 2 (one
// header).
#include <string>
#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
using Catch::Approx;
using Catch::Matchers::ContainsSubstring;
#else
#include <catch2/catch.hpp>
inline auto ContainsSubstring(const std::string& part) { return Catch::Matchers::Contains(part); }
#endif
using Catch::Matchers::EndsWith;
using Catch::Matchers::StartsWith;
