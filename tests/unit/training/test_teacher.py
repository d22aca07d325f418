from __future__ import annotations

from dataclasses import replace

import pytest
import torch
from torch import Tensor, nn

from extremecut.errors import ConfigError
from extremecut.geometry.boxes import Margin
from extremecut.inputs import InputSpec
from extremecut.networks.checkpoints import Checkpoint
from extremecut.training.teacher import Teacher

STUDENT = InputSpec(size_px=16, guidance_width_px=4.0)


class Echo(nn.Module):
    """Returns one of its input channels as logits and remembers its input."""

    def __init__(self) -> None:
        super().__init__()
        self.seen = torch.empty(0)

    def forward(self, x: Tensor) -> Tensor:
        self.seen = x
        return x[:, 3:]


def teacher(spec: InputSpec) -> tuple[Teacher, Echo]:
    net = Echo()
    return Teacher(Checkpoint(net, spec), STUDENT), net  # type: ignore[arg-type]


def test_a_teacher_of_the_same_spec_sees_the_students_inputs() -> None:
    model, net = teacher(STUDENT)
    inputs = torch.randn(2, 4, 16, 16)
    probabilities = model(inputs)
    assert torch.allclose(net.seen, inputs)
    assert torch.allclose(probabilities, torch.sigmoid(inputs[:, 3:]))


def test_normalisation_is_translated_by_way_of_rgb() -> None:
    own = replace(STUDENT, mean_rgb=(127.5,) * 3, std_rgb=(127.5,) * 3, guidance_range=255.0)
    model, net = teacher(own)
    rgb, guidance = 200.0, 0.5
    inputs = torch.empty(1, 4, 16, 16)
    for index in range(3):
        inputs[:, index] = (rgb - STUDENT.mean_rgb[index]) / STUDENT.std_rgb[index]
    inputs[:, 3] = guidance
    model(inputs)
    assert net.seen[:, :3].mean().item() == pytest.approx((rgb - 127.5) / 127.5, abs=1e-5)
    assert net.seen[:, 3].mean().item() == pytest.approx(127.5)


def test_a_larger_teacher_gets_larger_inputs_and_answers_at_the_students_size() -> None:
    model, net = teacher(replace(STUDENT, size_px=32, guidance_width_px=8.0))
    assert model(torch.zeros(1, 4, 16, 16)).shape == (1, 1, 16, 16)
    assert net.seen.shape == (1, 4, 32, 32)


@pytest.mark.parametrize(
    ("spec", "field"),
    [
        (replace(STUDENT, margin=Margin(50)), "margin"),
        (replace(STUDENT, guidance="distance"), "guidance"),
        (replace(STUDENT, size_px=32), r"guidance_width_px / size_px \(0.125 and 0.25\)"),
    ],
)
def test_a_teacher_that_sees_other_crops_is_refused(spec: InputSpec, field: str) -> None:
    with pytest.raises(ConfigError, match=f"must agree in {field}"):
        teacher(spec)


def test_guidance_may_be_a_little_wider_than_the_teacher_knows_it() -> None:
    teacher(replace(STUDENT, size_px=18))


def test_a_teacher_never_learns_nor_leaves_evaluation_mode() -> None:
    net = nn.Sequential(nn.Conv2d(4, 1, 1), nn.BatchNorm2d(1))
    model = Teacher(Checkpoint(net, STUDENT), STUDENT).train()  # type: ignore[arg-type]
    assert not any(module.training for module in model.modules())
    assert not any(parameter.requires_grad for parameter in model.parameters())
    assert not model(torch.zeros(1, 4, 16, 16)).requires_grad
