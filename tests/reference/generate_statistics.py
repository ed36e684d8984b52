#!/usr/bin/env python3
"""Writes statistics.json: what SciPy computes from fixed samples, for the tests of bench/stats.

Written with NumPy 1.24.2 and SciPy 1.10.1.

usage: python3 generate_statistics.py OUTPUT_FOLDER
"""
import json
import sys
from pathlib import Path

import numpy as np
import scipy
from scipy import stats


def samples():
    """Skewed, with two modes, tied, and of every size that is usual."""
    r = np.random.RandomState(5)
    yield from (np.exp(0.3 * r.standard_normal(n)) for n in (1, 2, 5, 6, 7, 12, 15, 31, 100))
    yield np.where(r.random_sample(24) < 0.3, 2.0, 1.0) + 0.01 * r.random_sample(24)
    yield np.round(1 + r.random_sample(20), 1)
    yield np.full(9, 3.5)


def order_statistics():
    cases = []
    for x in samples():
        case = {"values": x.tolist(), "percentiles": {str(p): np.percentile(x, p) for p in (0, 5, 25, 50, 95, 99, 100)},
                "intervals": []}
        x, n = np.sort(x), len(x)
        for confidence in (0.5, 0.9, 0.95, 0.99, 0.999):
            # The medians that the sign test keeps: those with i + 1 values below and the others above.
            kept = [i for i in range(-1, n) if stats.binomtest(n - 1 - i, n).pvalue > 1 - confidence + 1e-12]
            known = kept[0] >= 0
            case["intervals"].append({"confidence": confidence, "low": x[kept[0]] if known else None,
                                      "high": x[kept[-1] + 1] if known else None})
        cases.append(case)
    return cases


def paired():
    cases, r = [], np.random.RandomState(6)
    for n, effect in ((6, 1.0), (9, 1.3), (15, 1.0), (15, 1.05), (20, 0.9), (40, 1.02)):
        base = np.exp(0.1 * r.standard_normal(n))
        candidate = base / effect * np.exp(0.05 * r.standard_normal(n))
        if n == 20:
            candidate[:4] = base[:4]  # ties
        logs = np.log(base / candidate)
        less = int(min((logs > 0).sum(), (logs < 0).sum()))
        cases.append({"base": base.tolist(), "candidate": candidate.tolist(), "ratio": float(np.exp(np.median(logs))),
                      "p_value": stats.binomtest(less, n, 0.5).pvalue})
    return cases


def mann_whitney_at(m, n, u, method):
    """P(U <= u), from the p-value of samples that have that U."""
    # x_i beats full columns of y, and one of them a part: U = u.
    wins = [n] * (u // n) + ([u % n] if u // n < m else []) + [0] * m
    x = np.array([w + 0.5 + 0.001 * i for i, w in enumerate(wins[:m])])
    return stats.mannwhitneyu(x, np.arange(1, n + 1), alternative="less", method=method).pvalue


def mann_whitney(m, n):
    return [mann_whitney_at(m, n, u, "exact") for u in range(m * n + 1)]


def coverage(pairs, confidence, cdf):
    """The k of the interval [k-th smallest, k-th largest] of `pairs` values, and the probability that it covers."""
    k = 0
    while 2 * (k + 1) <= pairs and 2 * cdf(k) <= 1 - confidence + 2e-12:
        k += 1
    return {"confidence": confidence, "k": k, "coverage": 1 - 2 * cdf(k - 1)}


def coverages():
    """Of the median's interval, and of the unpaired ratio's: exact up to 2500 pairs, then SciPy's approximation."""
    confidences = (0.5, 0.9, 0.9375, 0.95, 0.99)
    return {"median": [{"n": n, **coverage(n, c, lambda u: stats.binom.cdf(u, n, 0.5))}
                       for n in (5, 8, 9, 15, 40) for c in confidences],
            "unpaired": [{"m": m, "n": n, **coverage(m * n, c, lambda u: mann_whitney_at(m, n, u, method))}
                         for m, n, method in ((8, 11, "exact"), (15, 15, "exact"), (51, 51, "asymptotic"),
                                              (36, 70, "asymptotic")) for c in confidences]}


def machine_floors():
    """machine_floor() in bench/stats/unpaired.h, of ratios that are written out."""
    cases = []
    for ratios in ([1.02], [0.9, 1.1, 1.05], [1.0, 1.01, 0.99, 1.3, 0.97, 1.02, 1.04, 0.98]):
        deviation = np.median(np.abs(np.log(ratios))) / stats.norm.ppf(0.75)
        for confidence in (0.9, 0.95):
            t = stats.t.ppf((1 + confidence) / 2, 0.5 * len(ratios))
            cases.append({"ratios": ratios, "confidence": confidence, "floor": float(np.expm1(deviation * t))})
    return cases


def unpaired():
    """The interval by trying factors between all quotients: those that the two-sided test at 1 - confidence keeps."""
    cases, r = [], np.random.RandomState(7)
    for m, n, effect in ((5, 5, 1.0), (8, 11, 1.2), (15, 15, 0.93), (30, 20, 1.0), (3, 3, 2.0)):
        base, candidate = np.exp(0.1 * r.standard_normal(m)), effect * np.exp(0.1 * r.standard_normal(n))
        quotients = np.sort((candidate[None, :] / base[:, None]).ravel())
        between = np.sqrt(quotients[1:] * quotients[:-1])
        case = {"base": base.tolist(), "candidate": candidate.tolist(), "ratio": float(np.median(quotients)),
                "intervals": []}
        for confidence in (0.9, 0.95, 0.99):
            kept = [i for i, factor in enumerate(between)
                    if stats.mannwhitneyu(candidate / factor, base, method="exact").pvalue > 1 - confidence + 1e-12]
            # between[i] kept: the interval reaches from quotients[i] to quotients[i + 1] at least.
            known = bool(kept) and kept[0] > 0 or stats.mannwhitneyu(
                candidate / (quotients[0] / 2), base, method="exact").pvalue <= 1 - confidence + 1e-12
            case["intervals"].append({"confidence": confidence, "low": quotients[kept[0]] if known else None,
                                      "high": quotients[kept[-1] + 1] if known else None})
        cases.append(case)
    return cases


def holm(p):
    """R's p.adjust(p, "holm"), which SciPy lacks: in a loop, as Holm's paper states the procedure."""
    adjusted = [0.0] * len(p)
    for step, i in enumerate(sorted(range(len(p)), key=lambda i: p[i])):
        rejected_at = (len(p) - step) * p[i]
        before = max((adjusted[j] for j in range(len(p)) if p[j] < p[i]), default=0.0)
        adjusted[i] = min(1.0, max(before, rejected_at))
    return adjusted


def main():
    record = {"written_with": {"numpy": np.__version__, "scipy": scipy.__version__},
              "order_statistics": order_statistics(), "paired": paired(),
              "mann_whitney_cdf": [{"m": m, "n": n, "cdf": mann_whitney(m, n)} for m, n in ((1, 1), (3, 5), (7, 4), (9, 9))],
              "unpaired": unpaired(), "coverages": coverages(), "machine_floor": machine_floors(),
              "holm": [{"p": p, "adjusted": holm(p)} for p in ([0.01], [0.01, 0.04, 0.03], [0.5, 0.9, 0.001, 0.02, 0.3])]}
    (Path(sys.argv[1]) / "statistics.json").write_text(json.dumps(record, indent=1) + "\n")


if __name__ == "__main__":
    main()
