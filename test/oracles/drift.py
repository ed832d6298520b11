"""What scipy and evidently say of the data sets in drift-cases.json: writes drift.json. Run by `npm run test:oracles`.

The data is made by formulas that the test in TypeScript has too (mulberry32, Box and Muller), so that no data lies in the
repository. Scores of the same histogram must agree to 1e-9; those of the values themselves within the width of the bins.
"""

import json
import math
import sys
from importlib.metadata import version

import numpy as np
import pandas as pd
from evidently.legacy.calculations.stattests.jensenshannon import _jensenshannon
from evidently.legacy.calculations.stattests.psi import _psi
from evidently.legacy.calculations.stattests.wasserstein_distance_norm import _wasserstein_distance_norm
from evidently.legacy.core import ColumnType
from scipy import integrate, special, stats
from scipy.spatial import distance


def uniforms(seed):
    state = seed & 0xFFFFFFFF
    while True:
        state = (state + 0x6D2B79F5) & 0xFFFFFFFF
        mixed = ((state ^ (state >> 15)) * (state | 1)) & 0xFFFFFFFF
        mixed ^= (mixed + (((mixed ^ (mixed >> 7)) * (mixed | 61)) & 0xFFFFFFFF)) & 0xFFFFFFFF
        yield ((mixed ^ (mixed >> 14)) + 0.5) / 2**32


def normals(seed):
    uniform = uniforms(seed)
    while True:
        radius = math.sqrt(-2 * math.log(next(uniform)))
        angle = 2 * math.pi * next(uniform)
        yield radius * math.cos(angle)
        yield radius * math.sin(angle)


def draw(spec):
    uniform, normal = uniforms(spec["seed"]), normals(spec["seed"])
    rows = range(spec["rows"])
    if "normal" in spec:
        mean, deviation = spec["normal"]
        return np.array([mean + deviation * next(normal) for _ in rows])
    if "rounded" in spec:
        mean, deviation = spec["rounded"]
        return np.array([math.floor(mean + deviation * next(normal) + 0.5) for _ in rows], dtype=float)
    if "exponential" in spec:
        return np.array([-spec["exponential"] * math.log(next(uniform)) for _ in rows])
    low, high = spec["uniform"]
    return np.array([low + (high - low) * next(uniform) for _ in rows])


def quantile_edges(values, bins):
    quantiles = np.quantile(values, np.arange(1, bins) / bins, method="inverted_cdf")
    edges, repeated = np.unique(quantiles, return_counts=True)
    extra = []
    for edge in edges[repeated > 1]:
        less = values[values < edge]
        extra.append(less.max() if less.size else np.nextafter(edge, -np.inf))
    return np.unique(np.concatenate([edges, extra]))


def count(values, edges):
    return np.bincount(np.searchsorted(edges, values, side="left"), minlength=len(edges) + 1)


def labels(counts):
    """The values of a categorical column with these counts: evidently takes columns, not histograms."""
    return pd.Series(np.repeat([f"cell {i}" for i in range(len(counts))], counts))


def pooled(reference, current):
    """Cells in which neither count nor expectation of the current sample reaches 5, together."""
    expected = (reference + current) * current.sum() / (reference.sum() + current.sum())
    small = np.maximum(current, expected) < 5
    table = np.array([reference[~small], current[~small]])
    rest = np.array([[reference[small].sum()], [current[small].sum()]])
    if rest.sum() == 0:
        return table
    share = current.sum() / (reference.sum() + current.sum())
    if max(rest[1, 0], rest.sum() * share) >= 5:
        return np.hstack([table, rest])
    table[:, table.sum(axis=0).argmin()] += rest[:, 0]
    return table


def of_cells(reference, current):
    p, q = reference / reference.sum(), current / current.sum()
    psi, _ = _psi(labels(reference), labels(current), ColumnType.Categorical, 0.1)
    nats, _ = _jensenshannon(labels(reference), labels(current), ColumnType.Categorical, 0.1)
    bits = distance.jensenshannon(p, q, base=2)
    assert abs(nats / math.sqrt(math.log(2)) - bits) < 1e-9
    table = pooled(reference, current)
    chi_square = stats.chi2_contingency(table, correction=False).pvalue if table.shape[1] > 1 else 1.0
    return {"psi": psi, "jensenShannon": bits, "chiSquarePValue": chi_square}


def cumulative(edges, counts, values):
    """Knots of the cumulative distribution whose bins are spread evenly around their means, from one of their ends."""
    bins = np.searchsorted(edges, values, side="left")
    low, high = values.min(), values.max()
    knots, shares = [], []
    for i in np.unique(bins):
        inside = values[bins == i]
        start = max(edges[i - 1] if i > 0 else low, low)
        end = min(edges[i] if i < len(edges) else high, high)
        mean = inside.mean()
        if mean <= (start + end) / 2:
            end = max(start, 2 * mean - start)
        else:
            start = min(end, 2 * mean - end)
        knots += [start, end]
        shares += [counts[:i].sum(), counts[: i + 1].sum()]
    return np.array(knots), np.array(shares) / counts.sum()


def wasserstein_of_histograms(edges, reference, current, values_then, values_now):
    then, now = cumulative(edges, reference, values_then), cumulative(edges, current, values_now)
    knots = np.unique(np.concatenate([then[0], now[0]]))
    # The least value may hold a jump: the integrand is continuous between knots only.
    gap = lambda x: abs(np.interp(x, *then, left=0) - np.interp(x, *now, left=0))
    total = 0.0
    for low, high in zip(knots[:-1], knots[1:]):
        ends = [low + 1e-12 * (high - low), high - 1e-12 * (high - low)]
        signed = [np.interp(x, *then, left=0) - np.interp(x, *now, left=0) for x in ends]
        cross = [low + (high - low) * signed[0] / (signed[0] - signed[1])] if signed[0] * signed[1] < 0 else []
        parts = [low, *cross, high]
        total += sum(integrate.quad(gap, a, b, epsabs=0, epsrel=1e-12)[0] for a, b in zip(parts[:-1], parts[1:]))
    return total


def numeric(case, bins):
    then, now = draw(case["reference"]), draw(case["current"])
    edges = quantile_edges(then, bins)
    reference, current = count(then, edges), count(now, edges)
    gaps = np.abs(np.cumsum(reference) / len(then) - np.cumsum(current) / len(now))
    root = math.sqrt(len(then) * len(now) / (len(then) + len(now)))
    exact = stats.ks_2samp(then, now, method="asymp")
    series = pd.Series(then), pd.Series(now)
    deviation = np.std(then, ddof=1)
    return {
        "name": case["name"],
        "edges": edges.tolist(),
        "reference": reference.tolist(),
        "current": current.tolist(),
        **of_cells(reference, current),
        "kolmogorovSmirnov": gaps.max(),
        "kolmogorovSmirnovPValue": special.kolmogorov((root + 0.12 + 0.11 / root) * gaps.max()),
        "wasserstein": wasserstein_of_histograms(edges, reference, current, then, now) / deviation,
        "ofValues": {
            "evidentlyPsi": _psi(*series, ColumnType.Numerical, 0.1)[0],
            "evidentlyJensenShannon": _jensenshannon(*series, ColumnType.Numerical, 0.1, base=2)[0],
            "evidentlyWasserstein": _wasserstein_distance_norm(*series, ColumnType.Numerical, 0.1)[0],
            "kolmogorovSmirnov": exact.statistic,
            "kolmogorovSmirnovPValue": exact.pvalue,
            "wasserstein": stats.wasserstein_distance(then, now) / deviation,
        },
    }


def categorical(case):
    reference, current = (np.array(list(case[side].values())) for side in ("reference", "current"))
    return {"name": case["name"], **of_cells(reference, current)}


def main(cases_file, out):
    with open(cases_file, encoding="utf8") as file:
        cases = json.load(file)
    result = {
        "versions": {name: version(name) for name in ("evidently", "numpy", "pandas", "scipy")},
        "numeric": [numeric(case, cases["bins"]) for case in cases["numeric"]],
        "categorical": [categorical(case) for case in cases["categorical"]],
        "benjaminiHochberg": [
            stats.false_discovery_control(values, method="bh").tolist() if values else [] for values in cases["pValues"]
        ],
        "chiSquareTail": [[x, df, stats.chi2.sf(x, df)] for df in (1, 2, 7, 19, 50) for x in (0.5, 3, 12, 40)],
        "kolmogorovTail": [[x, special.kolmogorov(x)] for x in (0.1, 0.3, 0.5, 1, 1.36, 2, 3)],
    }
    with open(out, "w", encoding="utf8") as file:
        json.dump(result, file, indent=1)
        file.write("\n")


main(*sys.argv[1:])
