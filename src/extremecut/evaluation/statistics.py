"""Numbers over many objects: intervals, shares, rank correlation, reliability."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BOOTSTRAP_SAMPLES = 2000
_BLOCK = 1 << 22


def bootstrap_interval(
    values: NDArray[np.float64],
    *,
    seed: int = 0,
    level: float = 0.95,
    samples: int = BOOTSTRAP_SAMPLES,
) -> tuple[float, float]:
    """The percentile bootstrap interval of a mean.

    Args:
        values: (N,), N >= 1.
        level: coverage in (0, 1).

    Returns:
        (low, high).
    """
    if values.size == 0:
        raise ValueError("an interval needs at least one value")
    rng = np.random.default_rng(seed)
    means = np.empty(samples)
    rows = max(1, _BLOCK // values.size)
    for start in range(0, samples, rows):
        count = min(rows, samples - start)
        means[start : start + count] = rng.choice(values, (count, values.size)).mean(axis=1)
    low, high = np.quantile(means, ((1 - level) / 2, (1 + level) / 2))
    return float(low), float(high)


def share_at_least(values: NDArray[np.float64], limit: float) -> float:
    """The share of values that are >= `limit`; 0 for none."""
    return float(np.mean(values >= limit)) if values.size else 0.0


def spearman(first: NDArray[np.float64], second: NDArray[np.float64]) -> float | None:
    """Spearman's rank correlation, ties at their mean rank; None where one side is constant.

    Args:
        first, second: (N,).
    """
    if first.shape != second.shape or first.ndim != 1:
        raise ValueError(f"two lists of one length are needed, got {first.shape}, {second.shape}")
    if first.size < 2:
        return None
    a, b = _ranks(first), _ranks(second)
    a -= a.mean()
    b -= b.mean()
    spread = float(np.sqrt((a @ a) * (b @ b)))
    return float(a @ b) / spread if spread > 0 else None


def _ranks(values: NDArray[np.float64]) -> NDArray[np.float64]:
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return (last - (counts - 1) / 2)[inverse]


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """The objects whose confidence falls into one range."""

    low: float
    high: float
    count: int
    mean_confidence: float
    mean_iou: float


@dataclass(frozen=True, slots=True)
class Reliability:
    """How well confidence tells the IoU."""

    count: int
    spearman: float | None
    mean_difference: float
    """Mean |confidence - IoU|."""
    bias: float
    """Mean confidence minus mean IoU; above 0 the model promises too much."""
    bins: tuple[ReliabilityBin, ...]
    """Only the bins that hold objects, ascending."""


def reliability(
    confidence: NDArray[np.float64], true_iou: NDArray[np.float64], *, bins: int = 10
) -> Reliability | None:
    """Compare confidences with the IoUs they stand for; None without objects.

    Args:
        confidence, true_iou: (N,) in [0, 1].
    """
    if confidence.size == 0:
        return None
    of_bin = np.clip((confidence * bins).astype(int), 0, bins - 1)
    filled = tuple(
        ReliabilityBin(
            index / bins,
            (index + 1) / bins,
            int(np.count_nonzero(of_bin == index)),
            float(confidence[of_bin == index].mean()),
            float(true_iou[of_bin == index].mean()),
        )
        for index in range(bins)
        if (of_bin == index).any()
    )
    return Reliability(
        int(confidence.size),
        spearman(confidence, true_iou),
        float(np.abs(confidence - true_iou).mean()),
        float(confidence.mean() - true_iou.mean()),
        filled,
    )
