"""How many actions and seconds an object costs in the annotator, and drawn by hand.

A script works through the page's own actions: four extreme clicks, more boundary clicks, brush
and eraser, keys. Run: python benchmarks/scripted_annotator/run.py --root DATA -o REPORT.md
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
from tqdm import tqdm

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import extremecut
from extremecut import Segmenter
from extremecut.datasets.indexed import IndexedObjects
from extremecut.datasets.sample import ObjectSample, ObjectSet
from extremecut.datasets.suites import SUITES
from extremecut.evaluation.evaluate import spread_indices
from scripted_annotator.annotator import Habits, ScriptedAnnotator
from scripted_annotator.costs import Costs, vertex_price
from scripted_annotator.fewest_vertices import MOST_VERTICES, FewestVertices
from scripted_annotator.full_polygons import (
    FullPolygon,
    coco_polygons,
    mean_sizes,
    outline_polygon,
)
from scripted_annotator.markdown import to_markdown
from scripted_annotator.results import POLYGONS, Drawn, ObjectResult, SetResult

TARGETS = {"coco": 0.85, "grabcut": 0.9}
"""The IoU at which an object is done, by set."""


def main() -> None:
    arguments = _arguments()
    cv2.setNumThreads(1)
    start = time.time()
    rows = {row.name: row for row in SUITES[arguments.suite]}
    sets = {
        name: rows[name].description(arguments.root).open(name=name)
        for name in {"coco", *arguments.sets.split(",")}
    }
    coco = coco_polygons(arguments.root / rows["coco"].paths[0])
    costs = _costs(sets["coco"], coco)
    segmenter = Segmenter(threads=1)
    results = [
        SetResult(
            name,
            TARGETS[name],
            costs,
            list(_measured(sets[name], costs, segmenter, coco, arguments)),
        )
        for name in arguments.sets.split(",")
    ]
    card = segmenter.backend.info
    provenance = {
        "command": "python benchmarks/scripted_annotator/run.py " + " ".join(sys.argv[1:]),
        "version": f"extremecut {extremecut.__version__}",
        "model": f"{card.name}, sha256 {card.sha256 or 'unknown'}",
        "split": arguments.suite,
        "noise": f"uniform within {arguments.noise} px along x and y, seed {arguments.seed}",
        "took": f"{time.time() - start:.0f} s, load average {os.getloadavg()[0]:.1f}",
    }
    text = to_markdown(results, provenance)
    print(text)
    if arguments.output:
        content = {"provenance": provenance, "sets": [result.to_dict() for result in results]}
        arguments.output.with_suffix(".md").write_text(text)
        arguments.output.with_suffix(".json").write_text(json.dumps(content, indent=1) + "\n")


def _costs(objects: ObjectSet, coco: dict[str, FullPolygon]) -> Costs:
    """The price of a vertex comes from all COCO objects of the suite, whatever the limit."""
    assert isinstance(objects, IndexedObjects)
    polygons = [coco[_annotation_id(entry.name)] for entry in objects.entries]
    return replace(Costs(), vertex_s=vertex_price(*mean_sizes(polygons), Costs().key_s))


def _annotation_id(name: str) -> str:
    return name.rsplit(":", maxsplit=1)[-1]


def _measured(
    objects: ObjectSet,
    costs: Costs,
    segmenter: Segmenter,
    coco: dict[str, FullPolygon],
    arguments: argparse.Namespace,
) -> Iterator[ObjectResult]:
    target_iou = TARGETS[objects.name]
    habits = Habits(target_iou, noise_px=arguments.noise)
    annotator = ScriptedAnnotator(
        lambda image, points: segmenter.predict(image, points).mask, habits, costs
    )
    for index in tqdm(spread_indices(len(objects), arguments.limit), desc=objects.name):
        sample = objects[index]
        # One stream of chance for each object: a limit does not change what happens to the rest.
        rng = np.random.default_rng([arguments.seed, index])
        outcome = annotator.annotate(sample, rng)
        polygon = coco.get(_annotation_id(sample.name))
        full = outline_polygon(sample.mask) if polygon is None else polygon
        yield ObjectResult(
            sample.name,
            int(np.count_nonzero(sample.mask)),
            outcome.first_iou,
            outcome.iou,
            outcome.tally.actions,
            outcome.tally.seconds,
            dict(outcome.tally.kinds),
            dict(
                zip(
                    POLYGONS,
                    (
                        *_fewest(sample, (outcome.iou, target_iou), arguments.noise, rng),
                        Drawn(full.polygons, full.vertices),
                    ),
                    strict=True,
                )
            ),
        )


def _fewest(
    sample: ObjectSample, targets: tuple[float, float], noise_px: float, rng: np.random.Generator
) -> Iterator[Drawn]:
    """For each wanted IoU, in the order of `POLYGONS`."""
    for target_iou in targets:
        search = FewestVertices(sample.mask, sample.void, target_iou)
        for drawing in (
            search.on_the_outline_missing_by(noise_px, rng),
            search.on_the_outline(),
            search.perfectly_placed_missing_by(noise_px, rng),
            search.perfectly_placed(),
        ):
            if drawing is None:
                yield Drawn(1, MOST_VERTICES, reached=False)
            else:
                yield Drawn(len(drawing.rings), drawing.vertices)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--root", type=Path, required=True, help="the folder of data sets")
    parser.add_argument("--sets", default="coco,grabcut", help="names, with commas between")
    parser.add_argument("--suite", default="test", choices=sorted(SUITES))
    parser.add_argument("--limit", type=int, help="only so many objects of each set")
    parser.add_argument("--noise", type=float, default=3.0, help="how far a hand misses, px")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("-o", "--output", type=Path, help="write FILE.md and FILE.json")
    arguments = parser.parse_args()
    unknown = set(arguments.sets.split(",")) - set(TARGETS)
    if unknown:
        parser.error(f"--sets knows {', '.join(TARGETS)}; got {', '.join(sorted(unknown))}")
    return arguments


if __name__ == "__main__":
    main()
