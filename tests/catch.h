#pragma once

// Catch2 under one name: version 3 (several headers, Approx in namespace Catch) or version 2 (one header).
#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
using Catch::Approx;
#else
#include <catch2/catch.hpp>
#endif
