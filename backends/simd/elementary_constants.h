// The numbers of elementary.h. The polynomials are minimax ones of this project's own fits, for
// coefficients of the type: Sollya's fpminimax, and for exp of float Lawson's iteration.
#pragma once

namespace mlpbench::simd {
namespace {

/// `round` is 1.5 * 2^mantissa_bits: adding it leaves the nearest integer in the low bits of the sum.
/// ln2 = ln2_high + ln2_low, where n * ln2_high is exact for every exponent n (Cody and Waite); `ln2` is
/// the nearest number. e^x and e^-x are normal numbers for |x| < `ordinary`. The polynomials P, with the
/// interval and the relative errors of what they give, for float and double:
///   exp_terms   e^r = 1 + r + r^2 P(r), |r| <= ln2 / 2: 4.1e-9, but 1.0e-9 for r < -0.28, where the
///               roundings of r and e^r - 1 weigh most; 3.8e-18
///   tanh_terms  tanh r = r + r^3 P(r^2), |r| <= 0.6936: 1.4e-8; 4.5e-18
///   log_terms   log(1 + f) = f + f^2 P(f), -1/4 <= f <= 1/2: 5.1e-9;
///               for double 2 artanh s = 2 s + s^3 P(s^2), |s| <= 1/5: 1.5e-17
template <typename T>
struct Constants;

template <>
struct Constants<float> {
  static constexpr int mantissa_bits = 23;
  static constexpr float round = 0x1.8p23f, two_to_mantissa = 0x1p23f, smallest_normal = 0x1p-126f;
  static constexpr float log2_e = 0x1.715476p0f, ln2 = 0x1.62e43p-1f;
  static constexpr float ln2_high = 0x1.63p-1f, ln2_low = -0x1.bd0106p-13f;
  static constexpr float ordinary = 87.0f, exp_lowest = -104.0f, exp_highest = 89.0f, expm1_lowest = -20.0f;
  static constexpr float sigmoid_highest = 18.0f, tanh_highest = 10.0f;
  static constexpr float exp_terms[] = {0x1.fffff4p-2f, 0x1.55548ap-3f, 0x1.555fcep-5f, 0x1.123db8p-7f,
                                        0x1.64d5f4p-10f};
  static constexpr float tanh_terms[] = {-0x1.5554fcp-2f, 0x1.10fc38p-3f, -0x1.b6e626p-5f, 0x1.49fd78p-6f,
                                         -0x1.53cb64p-8f};
  static constexpr float log_terms[] = {-0x1p-1f,        0x1.5555a6p-2f,  -0x1.00004ep-2f,
                                        0x1.9968fp-3f,   -0x1.54eb54p-3f, 0x1.28852ep-3f,
                                        -0x1.0db586p-3f, 0x1.ad4188p-4f,  -0x1.721d3ep-5f};
};

template <>
struct Constants<double> {
  static constexpr int mantissa_bits = 52;
  static constexpr double round = 0x1.8p52, two_to_mantissa = 0x1p52, smallest_normal = 0x1p-1022;
  static constexpr double log2_e = 0x1.71547652b82fep0, ln2 = 0x1.62e42fefa39efp-1;
  static constexpr double ln2_high = 0x1.62e42feep-1, ln2_low = 0x1.a39ef35793c76p-33;
  static constexpr double ordinary = 708.0, exp_lowest = -746.0, exp_highest = 710.0, expm1_lowest = -44.0;
  static constexpr double sigmoid_highest = 38.0, tanh_highest = 22.0;
  static constexpr double exp_terms[] = {0x1.000000000000ap-1,  0x1.55555555554fcp-3,  0x1.5555555550688p-5,
                                         0x1.111111112725fp-7,  0x1.6c16c1848904bp-10, 0x1.a01a012dcb0c1p-13,
                                         0x1.a0199921d175fp-16, 0x1.71df1d14501bap-19, 0x1.28ae3e02f5795p-22,
                                         0x1.ad8d591184cdbp-26};
  static constexpr double tanh_terms[] = {
      -0x1.5555555555531p-2,  0x1.111111110e8acp-3,  -0x1.ba1ba1b8257cep-5,  0x1.664f4820b0481p-6,
      -0x1.226e2a1c5834bp-7,  0x1.d6d229d28155p-9,   -0x1.7d8e90909add1p-10, 0x1.34a375aa245p-11,
      -0x1.ecfaf21e6ee73p-13, 0x1.73071a0f2741ep-14, -0x1.cabf25467d39fp-16, 0x1.48cc09268b041p-18};
  static constexpr double log_terms[] = {0x1.5555555555777p-1, 0x1.99999998f0626p-2, 0x1.249249b26f46ap-2,
                                         0x1.c71c012e18cfbp-3, 0x1.7474ec1ccf576p-3, 0x1.38520f4d4c393p-3,
                                         0x1.3ac489c14f864p-3};
};

}  // namespace
}  // namespace mlpbench::simd
