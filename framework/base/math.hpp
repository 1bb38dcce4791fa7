// exp, log and pow that give the same bits on every machine, for whatever results depend on: the C
// library's differ between versions in the last place. Plain IEEE double arithmetic, no fused
// operations (-ffp-contract=off); relative error below 1e-14 on the ranges used here. Slower than
// libm; not for hot loops.
#pragma once

namespace lsm {

/// e^x. 0 below about -745, infinity above about 709.
double exact_exp(double x);
/// Natural logarithm; -infinity at 0, not-a-number below.
double exact_log(double x);
/// base^exponent for base >= 0.
double exact_pow(double base, double exponent);

}  // namespace lsm
