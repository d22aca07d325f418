from __future__ import annotations

import numpy as np
import pytest

from extremecut.evaluation.sheet import sheet_of, write

BACK = (9, 8, 7)


@pytest.mark.parametrize(
    ("count", "columns", "numbers"),
    [(1, 3, [[1]]), (3, 3, [[1, 2, 3]]), (4, 3, [[1, 2, 3], [4, 9, 9]]), (2, 1, [[1], [2]])],
)
def test_pictures_fill_row_after_row(count: int, columns: int, numbers: list[list[int]]) -> None:
    pictures = [np.full((2, 5, 3), number + 1, np.uint8) for number in range(count)]

    sheet = sheet_of(pictures, columns=columns, back_rgb=BACK)

    assert sheet.shape == (2 * len(numbers), 5 * len(numbers[0]), 3)
    assert sheet[::2, ::5, 0].tolist() == sheet[1::2, 4::5, 0].tolist() == numbers


def test_the_space_left_over_has_the_colour_of_the_back() -> None:
    pictures = [np.zeros((2, 5, 3), np.uint8)] * 3

    assert (sheet_of(pictures, columns=2, back_rgb=BACK)[2:, 5:] == BACK).all()


def test_letters_that_cannot_be_drawn_are_question_marks() -> None:
    def written(text: str) -> np.ndarray:
        picture = np.zeros((20, 60, 3), np.uint8)
        write(picture, text, (2, 14), ink_rgb=(0, 200, 0))
        return picture

    assert np.array_equal(written("größe"), written("gr??e"))
    assert written("a")[..., 1].any() and not written("a")[..., [0, 2]].any()
