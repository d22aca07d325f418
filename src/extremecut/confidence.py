"""Confidence: how good the mask probably is, as an estimate of its IoU with the truth.

A network that is sure of every pixel draws a sharp edge; one that is not leaves a wide band of
middling probabilities. A few sums over the probability map say how wide that band is, and a
logistic curve fitted on validation objects turns them into an IoU.
"""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

from extremecut.errors import ConfigError

FEATURES = (
    "one",
    "soft_iou_logit",
    "uncertain_share",
    "filled_share",
    "log_size",
    "faintest_side",
)

MOST_WEIGHT = 1e6
"""Of a feature, up or down. Far smaller ones already say 0 or 1; infinite sums say nothing."""

SMALL_DIFFERENCE = 1e-3
"""Below it a difference between estimate and IoU counts squared, so that steps stay finite."""


def uncertainty(probability: NDArray[np.float32]) -> float:
    """How unsure a map is: the square root of the sum of p (1 - p) over the area where p > 0.5.

    Of objects of the same size it grows with the band of middling probabilities; where nothing is
    likely to be object it is 1.

    Args:
        probability: (S, S) float32 in [0, 1].
    """
    return _uncertain_share(probability, float(np.count_nonzero(probability > 0.5)))


def _uncertain_share(probability: NDArray[np.float32], area: float) -> float:
    if area == 0:
        return 1.0
    total, squared = float(probability.sum()), float(np.vdot(probability, probability))
    return math.sqrt(max(total - squared, 0.0) / area)


def confidence_features(
    probability: NDArray[np.float32], *, threshold: float, points_box_hw: tuple[int, int]
) -> NDArray[np.float64]:
    """What the confidence is computed from, in the order of `FEATURES`.

    Args:
        probability: (S, S) float32 in [0, 1], the crop's map.
        threshold: the mask is `probability > threshold`.
        points_box_hw: height and width of the points' tight box, image pixels.

    Returns:
        (6,) float64:

        - 1, for the constant term;
        - the logit of the expected IoU if the probabilities were true and independent:
          sum of p inside the mask / (mask area + sum of p outside);
        - the share of the mask's area that p (1 - p) amounts to, its square root;
        - the share of its own box that the mask fills: thin shapes are harder;
        - log2 of the object's longer side in image pixels, cut at 1024;
        - how sure the map is of the side it is least sure of: the lowest of the four greatest
          probabilities along the sides of the mask's box.
    """
    mask = probability > threshold
    area = float(np.count_nonzero(mask))
    size = math.log2(min(max(*points_box_hw, 1), 1024))
    if area == 0:
        return np.array([1.0, -4.0, 1.0, 0.0, size, 0.0])
    total = float(probability.sum())
    inside = float(probability[mask].sum())
    soft_iou = inside / (area + total - inside)
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    y0, y1, x0, x1 = rows[0], rows[-1] + 1, columns[0], columns[-1] + 1
    depth = 3
    sides = (
        probability[y0 : y0 + depth, x0:x1],
        probability[max(y1 - depth, 0) : y1, x0:x1],
        probability[y0:y1, x0 : x0 + depth],
        probability[y0:y1, max(x1 - depth, 0) : x1],
    )
    return np.array(
        [
            1.0,
            _logit(soft_iou),
            _uncertain_share(probability, area),
            area / float((y1 - y0) * (x1 - x0)),
            size,
            min(float(side.max()) for side in sides),
        ]
    )


@dataclass(frozen=True, slots=True)
class ConfidenceModel:
    """A logistic curve over `FEATURES`, with the data it was fitted on."""

    weights: tuple[float, ...]
    """One a feature."""
    fitted_on: str
    """Data, split and number of objects."""

    def __post_init__(self) -> None:
        small = all(abs(weight) <= MOST_WEIGHT for weight in self.weights)  # NaN is not
        if len(self.weights) != len(FEATURES) or not small:
            raise ConfigError(
                f"a confidence model needs {len(FEATURES)} weights in -{MOST_WEIGHT:g}.."
                f"{MOST_WEIGHT:g}, got {self.weights}"
            )

    def estimate(
        self, probability: NDArray[np.float32], *, threshold: float, points_box_hw: tuple[int, int]
    ) -> float:
        """The estimated IoU, in [0, 1]; arguments as `confidence_features`."""
        features = confidence_features(
            probability, threshold=threshold, points_box_hw=points_box_hw
        )
        return self.estimate_from_features(features)

    def estimate_from_features(self, features: NDArray[np.float64]) -> float:
        """The estimated IoU, in [0, 1], from the (6,) float64 of `confidence_features`."""
        score = float(np.dot(self.weights, features))
        return 1.0 / (1.0 + math.exp(-min(max(score, -30.0), 30.0)))

    def to_json(self) -> str:
        """All fields as a JSON object; `from_json` reads it back."""
        return json.dumps(asdict(self), sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> ConfidenceModel:
        """Read what `to_json` wrote.

        Raises:
            ConfigError: not JSON, missing or unknown fields, fields of another type, a wrong number
                of weights.
        """
        try:
            fields = json.loads(text)
            weights, fitted_on = fields["weights"], fields["fitted_on"]
            if not (isinstance(weights, list) and isinstance(fitted_on, str)):
                raise TypeError('wanted a list of numbers as "weights", a text as "fitted_on"')
            fields["weights"] = tuple(float(weight) for weight in weights)
            return cls(**fields)
        except (ValueError, TypeError, KeyError, OverflowError, RecursionError) as error:
            raise ConfigError(f"not a valid confidence model: {error}") from None


def fit_confidence(
    features: NDArray[np.float64],
    ious: NDArray[np.float64],
    weights: NDArray[np.float64],
    *,
    fitted_on: str,
    ridge: float = 1e-4,
    iterations: int = 100,
) -> ConfidenceModel:
    """Fit the curve that lies closest to the IoUs: the smallest weighted mean of |estimate - IoU|.

    IoUs trail off towards 0, and a mean absolute difference lets a few lost objects pull the
    curve less than a likelihood would. Gauss and Newton's steps on reweighted squares find it.

    Args:
        features: (N, 6), rows of `confidence_features`.
        ious: (N,) in [0, 1].
        weights: (N,) >= 0, how much each object counts.
        fitted_on: data, split and number of objects, for the model.
        ridge: penalty on the weights other than the constant's.
        iterations: at most so many steps.

    Raises:
        ConfigError: no curve of ordinary weights, as where no object counts.
    """
    share = weights / weights.sum()
    penalty = np.full(features.shape[1], ridge)
    penalty[0] = 0.0
    coefficients = np.zeros(features.shape[1])

    def estimates(at: NDArray[np.float64]) -> NDArray[np.float64]:
        result: NDArray[np.float64] = 1.0 / (1.0 + np.exp(-np.clip(features @ at, -30, 30)))
        return result

    def cost(at: NDArray[np.float64]) -> float:
        return float(share @ np.abs(estimates(at) - ious) + 0.5 * penalty @ at**2)

    for _ in range(iterations):
        estimate = estimates(coefficients)
        difference = estimate - ious
        emphasis = share / np.maximum(np.abs(difference), SMALL_DIFFERENCE)
        slopes = features * (estimate * (1 - estimate))[:, None]
        gradient = slopes.T @ (emphasis * difference) + penalty * coefficients
        hessian = (slopes * emphasis[:, None]).T @ slopes + np.diag(penalty + 1e-9)
        step = np.linalg.solve(hessian, gradient)
        while cost(coefficients - step) > cost(coefficients) and np.abs(step).max() > 1e-9:
            step = step / 2
        coefficients = coefficients - step
        if float(np.abs(step).max()) < 1e-9:
            break
    return ConfidenceModel(tuple(float(value) for value in coefficients), fitted_on)


def _logit(value: float) -> float:
    clipped = min(max(value, 1e-3), 1 - 1e-3)
    return math.log(clipped / (1 - clipped))
