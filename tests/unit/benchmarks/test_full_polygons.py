from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from scripted_annotator.full_polygons import (
    FullPolygon,
    coco_polygons,
    mean_sizes,
    outline_polygon,
)


def test_coco_polygons_are_counted_by_annotation(tmp_path: Path) -> None:
    path = tmp_path / "instances.json"
    lengths = {"size": [9, 9], "counts": [81]}
    triangle, square = [0, 0, 1, 0, 1, 1], [2, 2, 4, 2, 4, 4, 2, 4]
    content = {
        "images": [{"id": 1, "file_name": "a.jpg", "width": 9, "height": 9}],
        "annotations": [
            {
                "id": 7,
                "image_id": 1,
                "segmentation": [triangle, square],
            },
            {"id": 8, "image_id": 1, "segmentation": lengths},
        ],
    }
    path.write_text(json.dumps(content))
    assert coco_polygons(path) == {"7": FullPolygon(2, 7)}


def test_an_outline_counts_its_holes() -> None:
    truth = np.zeros((20, 20), np.bool_)
    truth[2:18, 2:18] = True
    truth[8:12, 8:12] = False
    assert outline_polygon(truth) == FullPolygon(2, 8)


def test_mean_sizes_are_vertices_then_polygons() -> None:
    assert mean_sizes([FullPolygon(1, 10), FullPolygon(2, 30)]) == (20, 1.5)
