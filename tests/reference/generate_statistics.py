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


def mann_whitney(m, n):
    """P(U <= u) for all u, from the p-values of samples that have that U."""
    cdf = []
    for u in range(m * n + 1):
        # x_i beats full columns of y, and one of them a part: U = u.
        wins = [n] * (u // n) + ([u % n] if u // n < m else []) + [0] * m
        x = np.array([w + 0.5 + 0.001 * i for i, w in enumerate(wins[:m])])
        cdf.append(stats.mannwhitneyu(x, np.arange(1, n + 1), alternative="less", method="exact").pvalue)
    return cdf


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
              "unpaired": unpaired(),
              "holm": [{"p": p, "adjusted": holm(p)} for p in ([0.01], [0.01, 0.04, 0.03], [0.5, 0.9, 0.001, 0.02, 0.3])]}
    (Path(sys.argv[1]) / "statistics.json").write_text(json.dumps(record, indent=1) + "\n")


if __name__ == "__main__":
    main()
