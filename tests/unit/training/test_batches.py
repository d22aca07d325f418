from __future__ import annotations

import multiprocessing
import os

import cv2
import pytest
import torch

from extremecut.datasets.sample import ObjectSample, ObjectSet
from extremecut.datasets.synthetic import SyntheticObjects
from extremecut.end_signals import SIGNALS
from extremecut.errors import ConfigError, DataError
from extremecut.inputs import InputSpec
from extremecut.training.augment import Augmentation
from extremecut.training.batches import StepNumbers, batches, one_opencv_thread
from extremecut.training.stream import ExampleStream, PointNoise


def stream(objects: ObjectSet | None = None) -> ExampleStream:
    return ExampleStream(
        [objects or SyntheticObjects(10)],
        [1.0],
        spec=InputSpec(size_px=16),
        augmentation=Augmentation(),
        noise=PointNoise(),
        seed=4,
    )


def test_steps_take_consecutive_numbers() -> None:
    assert list(StepNumbers(2, 4, 3)) == [[6, 7, 8], [9, 10, 11]]
    assert len(StepNumbers(2, 4, 3)) == 2


def test_processes_share_the_numbers_of_a_step() -> None:
    shares = [list(StepNumbers(1, 2, 4, rank, 2)) for rank in (0, 1)]
    assert shares == [[[4, 5]], [[6, 7]]]


@pytest.mark.parametrize("processes", [3, 4])
def test_uneven_and_single_shares_are_refused(processes: int) -> None:
    with pytest.raises(ConfigError, match="cannot be shared by"):
        StepNumbers(0, 1, 4, 0, processes)


def test_batches_do_not_depend_on_the_number_of_workers_or_on_where_they_begin() -> None:
    random_state = torch.get_rng_state()
    with one_opencv_thread():
        alone = list(batches(stream(), StepNumbers(0, 3, 2), workers=0, pin_memory=False))
        helped = list(batches(stream(), StepNumbers(0, 3, 2), workers=2, pin_memory=False))
        later = list(batches(stream(), StepNumbers(2, 3, 2), workers=0, pin_memory=False))
    assert torch.equal(torch.get_rng_state(), random_state)
    assert len(alone) == len(helped) == 3
    for one, other in zip(alone, helped, strict=True):
        assert all(torch.equal(a, b) for a, b in zip(one, other, strict=True))
    assert all(torch.equal(a, b) for a, b in zip(alone[2], later[0], strict=True))
    inputs, target, void = alone[0]
    assert inputs.shape == (2, 4, 16, 16) and inputs.dtype == torch.float32
    assert target.shape == void.shape == (2, 1, 16, 16) and void.dtype == torch.bool


def test_signals_to_all_processes_leave_the_workers_at_work_until_they_are_let_go() -> None:
    with one_opencv_thread():
        given = batches(stream(), StepNumbers(0, 50, 2), workers=2, pin_memory=False)
        for _ in range(2):  # one of each worker: both have begun
            next(given)
        workers = multiprocessing.active_children()
        assert len(workers) == 2
        for number in SIGNALS:
            for worker in workers:
                os.kill(worker.pid or 0, number)
        for _ in range(20):
            next(given)
        given.close()
    assert [worker.exitcode for worker in workers] == [0, 0]


class Damaged(SyntheticObjects):
    def __getitem__(self, index: int) -> ObjectSample:
        raise DataError(f"image {index} is damaged: mend it")


@pytest.mark.parametrize("workers", [0, 1])
def test_an_error_in_the_data_is_the_same_from_a_worker(workers: int) -> None:
    given = batches(stream(Damaged(1)), StepNumbers(0, 2, 2), workers=workers, pin_memory=False)
    with one_opencv_thread(), pytest.raises(DataError, match=r"^image 0 is damaged: mend it$"):
        next(given)


def test_opencv_gets_its_threads_back() -> None:
    before = cv2.getNumThreads()
    with one_opencv_thread():
        assert cv2.getNumThreads() == 1
    assert cv2.getNumThreads() == before
