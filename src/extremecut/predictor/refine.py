"""From the network's answer to the map that the mask is made of."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from extremecut.geometry.colour_odds import weigh_colours
from extremecut.geometry.guided_filter import follow_edges
from extremecut.geometry.refinement import bend_through, further_points
from extremecut.inputs import InputSpec, NetworkInput


def refine(
    probability: NDArray[np.float32],
    network_input: NetworkInput,
    points_xy: NDArray[np.float64],
    spec: InputSpec,
) -> NDArray[np.float32]:
    """Colours have their say, the edge moves onto the photo's, and runs through further points.

    Args:
        probability: (S, S) float32 in [0, 1], the network's answer; not changed.
        network_input: what it was asked.
        points_xy: (N, 2), image pixels.
        spec: says which of the first two steps are taken.

    Returns:
        (S, S) float32 in [0, 1].
    """
    rgb, frame = network_input.array[:3], network_input.frame
    if spec.colour_odds is not None:
        points = frame.to_crop(points_xy)
        probability = weigh_colours(probability, rgb, points, spec.colour_odds)
    edges = spec.guided_filter
    if edges is not None and frame.enlargement <= edges.most_enlarged:
        probability = follow_edges(probability, rgb, edges)
    further = frame.to_crop(further_points(points_xy))
    return bend_through(probability, further, threshold=spec.threshold)
