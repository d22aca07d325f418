"""What one, two and three more clicks on the boundary bring after the four extreme ones.

Each further click is on the true boundary beside the largest wrong region, where the shown boundary
is furthest away, and misses as the first four do. Prints mean IoU by clicks, for the network alone
and with the boundary bent through the clicks as `Segmenter` does it, and the share of a wrong
region that the first further click repairs: what the scripted annotator expects of a click.
Run: python benchmarks/further_clicks.py --root DATA
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from extremecut import Segmenter
from extremecut.datasets.sample import ObjectSample
from extremecut.datasets.suites import SUITES
from extremecut.evaluation.evaluate import spread_indices
from extremecut.evaluation.metrics import iou
from extremecut.geometry.corrections import furthest_boundary, largest_region
from extremecut.geometry.extreme_points import add_uniform_noise, extreme_points
from extremecut.inputs import prepare

CLICKS = 3
LEAST_SHARE = 0.05
"""Smaller regions, as shares of object and mask together, do not count for what is repaired."""

Mask = NDArray[np.bool_]
Points = NDArray[np.float64]
Predict = Callable[[NDArray[np.uint8], Points], Mask]
Repaired = dict[str, list[tuple[float, float]]]
"""Kind of region -> what each click gained in IoU, and the region's share of the union."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--root", type=Path, required=True, help="the folder of data sets")
    parser.add_argument("--suite", default="validation", choices=sorted(SUITES))
    parser.add_argument("--sets", default="coco,ecssd,davis,pennfudan", help="with commas between")
    parser.add_argument("--limit", type=int, help="only so many objects of each set")
    parser.add_argument("--noise", type=float, default=3.0, help="how far a hand misses, px")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    segmenter = Segmenter()
    ways: dict[str, Predict] = {
        "network alone": lambda image, points: network_alone(segmenter, image, points),
        "bent through": lambda image, points: segmenter.predict(image, points).mask,
    }
    rows = {row.name: row for row in SUITES[arguments.suite]}
    print(f"model {segmenter.backend.info.sha256}, {arguments.suite}, noise {arguments.noise} px")
    for name in arguments.sets.split(","):
        objects = rows[name].description(arguments.root).open(name=name)
        indices = spread_indices(len(objects), arguments.limit)
        scores: dict[str, list[list[float]]] = {way: [] for way in ways}
        repaired: dict[str, Repaired] = {way: defaultdict(list) for way in ways}
        for index in tqdm(indices, desc=name):
            sample = objects[index]
            for way, predict in ways.items():
                rng = np.random.default_rng([arguments.seed, index])
                scores[way].append(
                    list(clicked(sample, predict, arguments.noise, rng, repaired[way]))
                )
        for way in ways:
            means = " ".join(f"{100 * value:.1f}" for value in np.mean(scores[way], axis=0))
            shares = ", ".join(
                f"{kind} {sum(gain for gain, _ in pairs) / sum(share for _, share in pairs):.2f}"
                for kind, pairs in sorted(repaired[way].items())
            )
            print(f"{name} ({len(indices)}), {way}: IoU {means}; first click repairs: {shares}")


def network_alone(segmenter: Segmenter, image: NDArray[np.uint8], points_xy: Points) -> Mask:
    """The mask without refinement: the network sees the further points and may pass them by."""
    spec = segmenter.backend.spec
    seen = prepare(image, points_xy, spec)
    return seen.frame.paste_mask(
        segmenter.backend.probabilities(seen.array[None])[0],
        size_hw=(image.shape[0], image.shape[1]),
        threshold=spec.threshold,
        clip=seen.points_box if spec.clip_to_box else None,
    )


def clicked(
    sample: ObjectSample,
    predict: Predict,
    noise_px: float,
    rng: np.random.Generator,
    repaired: Repaired,
) -> list[float]:
    """IoU after the four extreme points and after each further click.

    Args:
        repaired: the first click's gain is added to it.
    """

    def missed(points_xy: Points) -> Points:
        return add_uniform_noise(points_xy, noise_px=noise_px, rng=rng)

    truth = sample.mask
    known = np.ones_like(truth) if sample.void is None else ~sample.void
    points = missed(extreme_points(truth))
    mask = predict(sample.image, points)
    scores = [iou(mask, truth, sample.void)]
    for click in range(CLICKS):
        region = largest_region((truth != mask) & known)
        place = None if region is None else furthest_boundary(truth, mask, region)
        if region is not None and place is not None:
            share = np.count_nonzero(region) / np.count_nonzero((truth | mask) & known)
            kind = "missing" if truth[region].mean() > 0.5 else "too much"
            points = np.vstack([points, missed(place[None])])
            mask = predict(sample.image, points)
            if click == 0 and share >= LEAST_SHARE:
                gain = iou(mask, truth, sample.void) - scores[-1]
                repaired[kind].append((gain, share))
        scores.append(iou(mask, truth, sample.void))
    return scores


if __name__ == "__main__":
    main()
