from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from extremecut.datasets.ecssd import read_ecssd


def test_the_official_layout_is_read_in_the_order_of_the_list(
    tmp_path: Path, write_image: Callable[..., Path], write_values: Callable[..., Path]
) -> None:
    for number in ("0001", "0002", "0003"):
        write_image(f"images/{number}.jpg")
        write_values(f"ground_truth_mask/{number}.png", [[0, 255, 0, 0, 0, 0]] * 4)
    (tmp_path / "test.txt").write_text("0003\n0001\n")

    objects = read_ecssd(tmp_path, list_file=tmp_path / "test.txt")

    assert [objects[k].name for k in range(len(objects))] == ["0003", "0001"]
    assert objects[0].mask.sum() == 4
    assert len(read_ecssd(tmp_path)) == 3
