"""Imported released models against a slow reference, written from the description alone.

The released files cannot be part of the tests, so files with their names and shapes and random
numbers stand in. The reference uses torch's functions on the file's own tensors, and the released
demo's steps one by one; neither uses this package.
"""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from extremecut.geometry.extreme_points import as_points
from extremecut.inputs import prepare
from extremecut.networks.checkpoints import Checkpoint, load_checkpoint, save_checkpoint
from extremecut.networks.official import import_official
from extremecut.runtime.torch_backend import TorchBackend

FOLDER = Path(__file__).resolve().parent
Tensors = dict[str, Tensor]


def random_tensors(head: str) -> Tensors:
    """Names and shapes of a released file; sizes that keep activations and logits moderate."""
    shapes = json.loads((FOLDER / f"official_{head}_keys.json").read_text())
    rng = torch.Generator().manual_seed(1)
    tensors: Tensors = {}
    for name, shape in shapes.items():
        if name.endswith("num_batches_tracked"):
            tensors[name] = torch.tensor(7)
        elif name.endswith("running_var"):
            tensors[name] = 0.5 + torch.rand(shape, generator=rng)
        elif len(shape) == 4:
            fan_in = shape[1] * shape[2] * shape[3]
            tensors[name] = torch.randn(shape, generator=rng) * (2 / fan_in) ** 0.5
        elif name.endswith("weight"):
            scale = 0.3 if "bn3" in name else 1.0
            tensors[name] = scale * (0.75 + 0.5 * torch.rand(shape, generator=rng))
        else:
            tensors[name] = 0.1 * torch.randn(shape, generator=rng)
    tensors["conv1.weight"] /= 100  # inputs reach 255
    return tensors


def norm(x: Tensor, t: Tensors, name: str) -> Tensor:
    return F.batch_norm(
        x,
        t[f"{name}.running_mean"],
        t[f"{name}.running_var"],
        t[f"{name}.weight"],
        t[f"{name}.bias"],
    )


def reference_block(x: Tensor, t: Tensors, name: str, stride: int, dilation: int) -> Tensor:
    y = F.relu(norm(F.conv2d(x, t[f"{name}.conv1.weight"], stride=stride), t, f"{name}.bn1"))
    y = F.conv2d(y, t[f"{name}.conv2.weight"], padding=dilation, dilation=dilation)
    y = F.relu(norm(y, t, f"{name}.bn2"))
    y = norm(F.conv2d(y, t[f"{name}.conv3.weight"]), t, f"{name}.bn3")
    if f"{name}.downsample.0.weight" in t:
        x = F.conv2d(x, t[f"{name}.downsample.0.weight"], stride=stride)
        x = norm(x, t, f"{name}.downsample.1")
    return F.relu(x + y)


def reference_psp(x: Tensor, t: Tensors) -> Tensor:
    size = x.shape[2:]
    parts = []
    for index, bins in enumerate((1, 2, 3, 6)):
        y = F.adaptive_avg_pool2d(x, bins)
        y = F.conv2d(y, t[f"layer5.stages.{index}.1.weight"])
        y = F.relu(norm(y, t, f"layer5.stages.{index}.2"))
        parts.append(F.interpolate(y, size=size, mode="bilinear", align_corners=True))
    x = F.conv2d(torch.cat([*parts, x], dim=1), t["layer5.bottleneck.0.weight"])
    x = F.relu(norm(x, t, "layer5.bottleneck.1"))
    return F.conv2d(x, t["layer5.final.weight"], t["layer5.final.bias"])


def reference_aspp(x: Tensor, t: Tensors) -> Tensor:
    total = torch.zeros(())
    for index, rate in enumerate((6, 12, 18, 24)):
        name = f"layer5.conv2d_list.{index}"
        total = total + F.conv2d(
            x, t[f"{name}.weight"], t[f"{name}.bias"], padding=rate, dilation=rate
        )
    return total


@torch.inference_mode()
def reference_logits(x: Tensor, t: Tensors) -> Tensor:
    """(B, 4, S, S) -> (B, 1, S / 8, S / 8)."""
    side = x.shape[-1]
    x = F.relu(norm(F.conv2d(x, t["conv1.weight"], stride=2, padding=3), t, "bn1"))
    x = F.max_pool2d(x, 3, stride=2, padding=1)
    for stage, (count, stride, dilation) in enumerate(
        ((3, 1, 1), (4, 2, 1), (23, 1, 2), (3, 1, 4)), start=1
    ):
        for index in range(count):
            block_stride = stride if index == 0 else 1
            x = reference_block(x, t, f"layer{stage}.{index}", block_stride, dilation)
    assert x.shape[-1] == side // 8, "64 x 64 for 512"
    return (reference_psp if "layer5.final.weight" in t else reference_aspp)(x, t)


def reference_probability(x: Tensor, t: Tensors) -> Tensor:
    """(B, 4, S, S) -> (B, S, S)."""
    logits = reference_logits(x, t)
    logits = F.interpolate(logits, size=x.shape[2:], mode="bilinear", align_corners=True)
    return torch.sigmoid(logits)[:, 0]


def centre_logits(tensors: Tensors, x: Tensor) -> None:
    """Move and stretch the last layer so that logits of `x` have mean 0 and deviation 2."""
    logits = reference_logits(x, tensors)
    gain, shift = 2 / float(logits.std()), float(logits.mean())
    last = [n for n in tensors if n.startswith(("layer5.final", "layer5.conv2d_list"))]
    biases = [name for name in last if name.endswith("bias")]
    for name in last:
        tensors[name] *= gain
    for name in biases:
        tensors[name] -= gain * shift / len(biases)


def imported(tensors: Tensors, folder: Path, *, zipped: bool) -> Checkpoint:
    path = folder / "released.pth"
    torch.save(tensors, path, _use_new_zipfile_serialization=zipped)
    return import_official(path)


@pytest.mark.parametrize(("head", "zipped"), [("psp", False), ("atrous", True)])
def test_probabilities_equal_the_reference_s(head: str, zipped: bool, tmp_path: Path) -> None:
    tensors = random_tensors(head)
    x = torch.rand(2, 4, 96, 96, generator=torch.Generator().manual_seed(2)) * 255
    centre_logits(tensors, x)
    checkpoint = imported(tensors, tmp_path, zipped=zipped)
    wanted = reference_probability(x, tensors)
    with torch.inference_mode():
        found = torch.sigmoid(checkpoint.net(x))[:, 0]
    assert float(wanted.std()) > 0.2, "a flat answer would prove nothing"
    assert float((found - wanted).abs().max()) < 1e-5


def reference_demo_input(
    image: NDArray[np.uint8], points: NDArray[np.int64], *, side: int
) -> tuple[Tensor, tuple[int, int], tuple[int, int]]:
    """The released demo's steps up to the network: crop, resize, heatmap (there: side = 512)."""
    x0, y0 = points.min(axis=0) - 50
    x1, y1 = points.max(axis=0) + 50  # inclusive
    crop = np.zeros((y1 - y0 + 1, x1 - x0 + 1, 3), np.uint8)
    for row in range(max(y0, 0), min(y1, image.shape[0] - 1) + 1):
        columns = slice(max(x0, 0), min(x1, image.shape[1] - 1) + 1)
        crop[row - y0, columns.start - x0 : columns.stop - x0] = image[row, columns]
    resized = cv2.resize(crop, (side, side), interpolation=cv2.INTER_CUBIC).astype(np.float32)
    heat = np.zeros((side, side))
    ys, xs = np.mgrid[0:side, 0:side]
    for x, y in points:
        px = int(side * (x - x0) / crop.shape[1])
        py = int(side * (y - y0) / crop.shape[0])
        distance2 = (xs - px) ** 2 + (ys - py) ** 2
        heat = np.maximum(heat, np.exp(-4 * np.log(2) * distance2 / 10**2))
    heat = 255 * (heat - heat.min()) / (heat.max() - heat.min())
    four = np.concatenate([resized, heat[:, :, None].astype(np.float32)], axis=2)
    return torch.from_numpy(four.transpose(2, 0, 1)[None].copy()), (x0, y0), crop.shape[:2]


def reference_demo_paste(
    probability: NDArray[np.float32], origin: tuple[int, int], crop_hw: tuple[int, int],
    points: NDArray[np.int64], size_hw: tuple[int, int],
) -> NDArray[np.float32]:  # fmt: skip
    """The demo's way back: bicubic to the crop's size, zero outside the inclusive tight box."""
    large = cv2.resize(probability, crop_hw[::-1], interpolation=cv2.INTER_CUBIC)
    result = np.zeros(size_hw, np.float32)
    (left, top), (right, bottom) = points.min(axis=0), points.max(axis=0)
    for y in range(max(top, 0), min(bottom, size_hw[0] - 1) + 1):
        for x in range(max(left, 0), min(right, size_hw[1] - 1) + 1):
            result[y, x] = large[y - origin[1], x - origin[0]]
    return result


def test_the_whole_way_gives_the_released_demo_s_probabilities(tmp_path: Path) -> None:
    """An object near the corner, so that the crop leaves the image on two sides.

    At half the demo's side, to be quick; the steps are the same.
    """
    side = 256
    tensors = random_tensors("psp")
    coarse = np.random.default_rng(3).integers(0, 256, (12, 16, 3), dtype=np.uint8)
    image = cv2.resize(coarse, (320, 240), interpolation=cv2.INTER_CUBIC)
    points = np.array([[21, 97], [118, 12], [203, 101], [96, 171]])
    batch, origin, crop_hw = reference_demo_input(image, points, side=side)
    centre_logits(tensors, F.interpolate(batch, size=(128, 128), mode="bilinear"))
    wanted = reference_demo_paste(
        reference_probability(batch, tensors)[0].numpy(), origin, crop_hw, points, (240, 320)
    )

    checkpoint = imported(tensors, tmp_path, zipped=True)
    save_checkpoint(tmp_path / "ours", checkpoint.net, checkpoint.spec, card=checkpoint.card)
    checkpoint = load_checkpoint(tmp_path / "ours")
    assert checkpoint.spec.size_px == 512
    spec = dataclasses.replace(checkpoint.spec, size_px=side)
    backend = TorchBackend(dataclasses.replace(checkpoint, spec=spec))
    network_input = prepare(image, as_points(points, size_hw=(240, 320)), spec)
    probability = backend.probabilities(network_input.array[None])[0]
    found = network_input.frame.paste(
        probability, size_hw=(240, 320), clip=network_input.points_box
    )
    np.testing.assert_array_equal(network_input.array[:3], batch[0, :3].numpy())
    np.testing.assert_allclose(network_input.array[3], batch[0, 3].numpy(), atol=0.01)
    box = (slice(12, 172), slice(21, 204))
    assert float(wanted[box].std()) > 0.1, "a flat answer would prove nothing"
    assert float(np.abs(found - wanted)[box].mean()) < 1e-4
    outside = np.ones((240, 320), bool)
    outside[box] = False
    assert not found[outside].any()
