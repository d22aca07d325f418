"""The script: one object through the page's own actions, up to a wanted IoU.

It knows the truth, as an expert knows the object: it sees what is wrong, how much, and what a
correction by hand would do, since that shows on the page. It does not know what the network will
answer to a click before it has clicked; it takes back with one key what made things worse.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from extremecut.datasets.sample import ObjectSample
from extremecut.evaluation.metrics import iou
from extremecut.geometry.boxes import Box
from extremecut.geometry.corrections import furthest_boundary, largest_region
from extremecut.geometry.extreme_points import add_uniform_noise, extreme_points
from scripted_annotator.costs import Costs, Tally
from scripted_annotator.edge_plans import edge_plans
from scripted_annotator.edge_stroke import EdgeStroke
from scripted_annotator.page_actions import KEYS, Mask, Stroke
from scripted_annotator.stroke_plans import stroke_plans

MARGIN_PX = 24
"""Room around the object, for clicks and strokes that miss."""

Points = NDArray[np.float64]
Predict = Callable[[NDArray[np.uint8], Points], Mask]


@dataclass(frozen=True)
class Habits:
    """How the script works. What a click repairs is what `further_clicks.py` measures on COCO's
    validation images; nothing here was chosen on test ones."""

    target_iou: float
    most_actions: int = 20
    noise_px: float = 3.0
    """Clicks and the bends of strokes miss by up to so much along x and y."""
    click_repairs_missing: float = 0.45
    """The share of the largest missing piece that one more click on the boundary adds."""
    click_repairs_extra: float = 0.09
    """The share of the largest piece too much that one more click on the boundary takes away."""
    least_share: float = 0.05
    """Pieces of a smaller share of object and mask together are no matter for a click."""
    near_point: float = 0.06
    """No click closer to a point than this share of the object's box: it would say nothing new."""
    look_s: float = 1.0
    """Before each action a person looks. The prices do not count it, for neither side; but who has
    the choice takes one stroke rather than three clicks."""
    least_gain: float = 0.01
    """Corrections by hand that gain less are left until nothing else does."""
    most_setbacks: int = 2
    """Clicks taken back before the script corrects by hand alone."""
    same_size: float = 1.35
    """A brush within this ratio of the size wanted is left as it is."""


@dataclass
class Outcome:
    """One object, done or given up."""

    iou: float
    first_iou: float
    """After the four clicks."""
    tally: Tally


@dataclass
class _Work:
    """What the page holds of one object while it is worked on; in the window near the object."""

    points: Points
    mask: Mask
    corrections: list[Callable[[Mask], Mask]] = field(default_factory=list)
    """By hand, done again on each new prediction."""
    tool: str = "points"
    radius_px: float = 10.0
    setbacks: int = 0


@dataclass(frozen=True)
class _Choice:
    """Something to do next."""

    gain: float
    """What it is expected to add to the IoU."""
    kinds: tuple[str, ...]
    act: Callable[[], object]


class ScriptedAnnotator:
    """Works through objects, one after another."""

    def __init__(self, predict: Predict, habits: Habits, costs: Costs) -> None:
        self._predict = predict
        self._habits = habits
        self._costs = costs

    def annotate(self, sample: ObjectSample, rng: np.random.Generator) -> Outcome:
        """From four clicks to Enter."""
        return _Session(self._predict, self._habits, Tally(self._costs), rng, sample).run()


class _Session:
    def __init__(
        self,
        predict: Predict,
        habits: Habits,
        tally: Tally,
        rng: np.random.Generator,
        sample: ObjectSample,
    ) -> None:
        self._predict = predict
        self._habits = habits
        self._tally = tally
        self._rng = rng
        self._sample = sample
        size_hw = (sample.mask.shape[0], sample.mask.shape[1])
        box = Box.around_mask(sample.mask)
        assert box is not None, "data sets skip empty objects"
        # Nothing happens far from the object, whose mask ends at the box of the points.
        reach = MARGIN_PX + max(box.width, box.height) // 4
        near = box.padded(reach, reach).intersection(Box.of_image(size_hw))
        assert near is not None
        self._near = near
        height, width = size_hw
        self._open_sides = (near.x0 > 0, near.y0 > 0, near.x1 < width, near.y1 < height)
        self._truth = sample.mask[near.slices]
        self._void = None if sample.void is None else sample.void[near.slices]
        self._known = np.ones_like(self._truth) if self._void is None else ~self._void

    def run(self) -> Outcome:
        habits, tally = self._habits, self._tally
        points = self._missed(extreme_points(self._truth))
        tally.add("extreme", 4)
        self._work = _Work(points, self._predicted(points))
        first = score = self._iou(self._work.mask)
        while score < habits.target_iou:
            # Room is kept for Enter, and for taking back what fails.
            left = habits.most_actions - 2 - tally.actions
            choices = [c for c in self._choices(score) if c.gain > 0 and len(c.kinds) <= left]
            if not choices:
                break
            worthwhile = [c for c in choices if c.gain >= habits.least_gain]
            best = max(worthwhile or choices, key=lambda c: self._worth(c, score))
            for kind in best.kinds:
                tally.add(kind)
            best.act()
            score = self._iou(self._work.mask)
        tally.add("accept")
        return Outcome(score, first, tally)

    def _predicted(self, points: Points) -> Mask:
        corner = (self._near.x0, self._near.y0)
        return self._predict(self._sample.image, points + corner)[self._near.slices]

    def _worth(self, choice: _Choice, score: float) -> float:
        """IoU a second; more than the wanted IoU is worth nothing."""
        needed = self._habits.target_iou - score
        costs = self._tally.costs
        seconds = sum(costs.of(kind) + self._habits.look_s for kind in choice.kinds)
        return min(choice.gain, needed) / seconds

    def _choices(self, score: float) -> Iterator[_Choice]:
        yield from self._keys(score)
        yield from self._strokes(score)
        yield from self._edges(score)
        if self._work.setbacks < self._habits.most_setbacks:
            yield from self._clicks()

    def _keys(self, score: float) -> Iterator[_Choice]:
        for name, correct in KEYS.items():
            gain = self._iou(correct(self._work.mask)) - score
            yield _Choice(gain, (name,), partial(self._by_hand, correct))

    def _strokes(self, score: float) -> Iterator[_Choice]:
        work = self._work
        for stroke in stroke_plans(work.mask, self._truth, self._known, work.radius_px):
            gain = self._iou(stroke.applied(work.mask)) - score
            tool = "eraser" if stroke.erase else "brush"
            ratio = max(stroke.radius_px, work.radius_px) / min(stroke.radius_px, work.radius_px)
            kinds = (tool,) * (work.tool != tool)
            kinds += ("brush-size",) * (ratio > self._habits.same_size) + ("stroke",)
            yield _Choice(gain, kinds, partial(self._paint, stroke, tool))

    def _edges(self, score: float) -> Iterator[_Choice]:
        work = self._work
        kinds = ("tool-points",) * (work.tool != "points") + ("edge",)
        for stroke in edge_plans(work.mask, self._truth, self._known, self._open_sides):
            gain = self._iou(stroke.applied(work.mask)) - score
            yield _Choice(gain, kinds, partial(self._redraw, stroke))

    def _clicks(self) -> Iterator[_Choice]:
        """A click on the true boundary where it is furthest from the shown one."""
        habits, work, known = self._habits, self._work, self._known
        union = np.count_nonzero((self._truth | work.mask) & known)
        for wrong, repairs in (
            (self._truth & ~work.mask & known, habits.click_repairs_missing),
            (work.mask & ~self._truth & known, habits.click_repairs_extra),
        ):
            region = largest_region(wrong)
            if region is None:
                continue
            place = furthest_boundary(self._truth, work.mask, region)
            if place is None:
                continue
            share = np.count_nonzero(region) / union
            away = np.hypot(*(work.points - place).T).min()
            spread = float((work.points.max(axis=0) - work.points.min(axis=0)).max())
            if share >= habits.least_share and away >= habits.near_point * spread:
                kinds = ("tool-points",) * (work.tool != "points") + ("boundary",)
                yield _Choice(repairs * share, kinds, partial(self._ask, place))

    def _by_hand(self, correct: Callable[[Mask], Mask]) -> None:
        self._work.mask = correct(self._work.mask)
        self._work.corrections.append(correct)

    def _paint(self, stroke: Stroke, tool: str) -> None:
        work, habits = self._work, self._habits
        work.tool = tool
        ratio = max(stroke.radius_px, work.radius_px) / min(stroke.radius_px, work.radius_px)
        if ratio > habits.same_size:
            work.radius_px = stroke.radius_px
        drawn = replace(stroke, path_xy=self._missed(stroke.path_xy), radius_px=work.radius_px)
        self._kept_if_better(partial(self._by_hand, drawn.applied))

    def _redraw(self, stroke: EdgeStroke) -> None:
        self._work.tool = "points"
        drawn = replace(stroke, path_xy=self._missed(stroke.path_xy))
        self._kept_if_better(partial(self._by_hand, drawn.applied))

    def _ask(self, place: Points) -> None:
        """One more point, and the network's answer."""
        work = self._work
        work.tool = "points"

        def answer() -> None:
            work.points = np.vstack([work.points, self._missed(place[None])])
            work.mask = self._predicted(work.points)
            for correct in work.corrections:
                work.mask = correct(work.mask)

        if not self._kept_if_better(answer):
            work.setbacks += 1

    def _kept_if_better(self, action: Callable[[], None]) -> bool:
        """Does it, and takes it back with one key if the mask got worse."""
        work = self._work
        before = (work.points, work.mask, list(work.corrections))
        score = self._iou(work.mask)
        action()
        if self._iou(work.mask) > score:
            return True
        work.points, work.mask, work.corrections = before
        self._tally.add("undo")
        return False

    def _iou(self, mask: Mask) -> float:
        return iou(mask, self._truth, self._void)

    def _missed(self, points_xy: Points) -> Points:
        return add_uniform_noise(points_xy, noise_px=self._habits.noise_px, rng=self._rng)
