"""The results as a page to read."""

from __future__ import annotations

from collections.abc import Sequence

from scripted_annotator.results import POLYGONS, Effort, SetResult


def to_markdown(results: Sequence[SetResult], provenance: dict[str, str]) -> str:
    costs = results[0].costs
    known = "\n".join(f"- {key}: {value}" for key, value in provenance.items())
    ways = "\n".join(f"- {way}: {about}" for way, about in POLYGONS.items() if about)
    parts = [
        "# A scripted annotator against drawing by hand",
        known,
        f"Costs: extreme click {costs.extreme_click_s:g} s, other click {costs.other_click_s:g} s, "
        f"key or wheel {costs.key_s:g} s, brush stroke {costs.stroke_s:g} s, polygon vertex "
        f"{costs.vertex_s:.2f} s (a full COCO polygon then takes 79 s on average). Choosing brush "
        "or eraser, setting its size, undoing, closing a polygon and accepting an object are "
        "actions too.",
        ways,
        *(_of_set(result) for result in results),
    ]
    return "\n\n".join(parts) + "\n"


def _of_set(result: SetResult) -> str:
    tool = result.effort()
    at_once = sum(item.first_iou >= result.target_iou for item in result.objects)
    rows = [("extremecut", tool), *((way, result.effort(way)) for way in POLYGONS)]
    kinds = ", ".join(f"{kind} {count:.2f}" for kind, count in result.kinds().items())
    mean_iou = sum(item.iou for item in result.objects) / len(result.objects)
    return "\n\n".join(
        [
            f"## {result.name}: {len(result.objects)} objects, wanted IoU {result.target_iou:g}",
            "| | reached it | actions, mean (median) | seconds, mean (median) "
            "| times the actions | times the seconds |\n|---|---|---|---|---|---|\n"
            + "\n".join(_row(name, effort) for name, effort in rows),
            f"Mean IoU reached {100 * mean_iou:.1f} %; after the four clicks alone, "
            f"{100 * at_once / len(result.objects):.0f} % of the objects were there. "
            f"Actions an object: {kinds}.",
        ]
    )


def _row(name: str, effort: Effort) -> str:
    return (
        f"| {name} | {100 * effort.reached:.0f} % "
        f"| {effort.mean_actions:.1f} ({effort.median_actions:g}) "
        f"| {effort.mean_seconds:.1f} ({effort.median_seconds:.1f}) "
        f"| {_ratio(effort.action_ratio)} | {_ratio(effort.second_ratio)} |"
    )


def _ratio(values: tuple[float, float, float] | None) -> str:
    return "" if values is None else f"{values[0]:.2f} [{values[1]:.2f}, {values[2]:.2f}]"
