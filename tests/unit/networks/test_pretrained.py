from __future__ import annotations

from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from extremecut.errors import ModelError
from extremecut.images import load_image
from extremecut.inputs import InputSpec
from extremecut.networks.dextr_net import DextrNet, NetworkConfig
from extremecut.networks.pretrained import load_imagenet

ROOT = Path(__file__).resolve().parents[3]
WEIGHTS = ROOT.parent / "shared" / "weights"
PHOTO = ROOT / "examples" / "coffee.jpg"
needs_weights = pytest.mark.skipif(
    not (WEIGHTS.is_dir() and PHOTO.exists()), reason=f"{WEIGHTS} or {PHOTO} is not here"
)

RESNET18 = NetworkConfig("resnet18", "aspp", last_stage=3)


def torchvision_file(net: DextrNet, path: Path) -> dict[str, Tensor]:
    """The backbone's tensors as an ImageNet file would hold them: three channels, a classifier."""
    tensors = {n: t.clone().contiguous() for n, t in net.backbone.state_dict().items()}
    tensors = {n: t + 0.25 if t.is_floating_point() else t for n, t in tensors.items()}
    tensors["conv1.weight"] = tensors["conv1.weight"][:, :3].contiguous()
    tensors["fc.weight"], tensors["fc.bias"] = torch.zeros(10, 256), torch.zeros(10)
    save_file(tensors, path)
    return tensors


def test_torchvision_s_names_load_and_the_fourth_channel_is_zero(tmp_path: Path) -> None:
    net = DextrNet(RESNET18)
    tensors = torchvision_file(net, tmp_path / "a")
    load_imagenet(net, tmp_path / "a")
    stem = net.backbone.conv1.weight
    assert torch.equal(stem[:, :3], tensors["conv1.weight"]) and not stem[:, 3].any()
    assert torch.equal(net.backbone.layer3[1].bn2.running_var, tensors["layer3.1.bn2.running_var"])


def test_torchvision_s_own_file_format_loads(tmp_path: Path) -> None:
    net = DextrNet(RESNET18)
    tensors = torchvision_file(net, tmp_path / "a")
    torch.save(tensors, tmp_path / "a.pth")
    load_imagenet(net, tmp_path / "a.pth")
    assert torch.equal(net.backbone.bn1.weight, tensors["bn1.weight"])


def test_stages_beyond_the_network_are_left_out(tmp_path: Path) -> None:
    deeper = DextrNet(NetworkConfig("resnet18", "aspp"))
    torchvision_file(deeper, tmp_path / "a")
    load_imagenet(DextrNet(RESNET18), tmp_path / "a")


def test_a_missing_stage_is_an_error_that_names_it(tmp_path: Path) -> None:
    torchvision_file(DextrNet(RESNET18), tmp_path / "a")
    with pytest.raises(
        ModelError, match=r"25 tensors missing: layer4\.0\.conv1\.weight.* and 20 more"
    ):
        load_imagenet(DextrNet(NetworkConfig("resnet18", "aspp")), tmp_path / "a")


def test_another_backbone_s_file_is_an_error(tmp_path: Path) -> None:
    torchvision_file(DextrNet(RESNET18), tmp_path / "a")
    with pytest.raises(ModelError, match="no stem for mobilenet_v2"):
        load_imagenet(DextrNet(NetworkConfig()), tmp_path / "a")


def test_folded_biases_become_batch_norm_s(tmp_path: Path) -> None:
    """weight 1, the bias, mean 0, variance 1: convolution plus bias, up to batch norm's eps."""
    net = DextrNet(RESNET18).eval()
    tensors = {}
    for name, tensor in net.backbone.state_dict().items():
        if name.endswith(("conv1.weight", "conv2.weight")):
            tensors[name] = tensor[:, :3].contiguous() if name == "conv1.weight" else tensor
            tensors[name.replace("weight", "bias")] = torch.rand(len(tensor))
        elif name.endswith("downsample.0.weight"):
            tensors[name.replace(".0.weight", ".weight")] = tensor
            tensors[name.replace(".0.weight", ".bias")] = torch.rand(len(tensor))
    save_file(tensors, tmp_path / "a")
    load_imagenet(net, tmp_path / "a")
    for name, norm in (("layer1.0.conv2", net.backbone.layer1[0].bn2),
                       ("layer2.0.downsample", net.backbone.layer2[0].downsample[1])):  # fmt: skip
        x = torch.rand(1, norm.num_features, 2, 2)
        wanted = x + tensors[f"{name}.bias"][:, None, None]
        torch.testing.assert_close(norm(x), wanted, rtol=1e-4, atol=1e-4)


def photo_input(mean: float | None) -> Tensor:
    """(1, 4, 128, 128): the example photo, normalised for ImageNet or by RGB / 127.5 - 1."""
    image = torch.from_numpy(load_image(PHOTO)[100:356, 100:356][::2, ::2].copy()).float()
    spec = InputSpec()
    shift = torch.tensor(spec.mean_rgb if mean is None else (mean,) * 3)
    scale = torch.tensor(spec.std_rgb if mean is None else (mean,) * 3)
    normalised = ((image - shift) / scale).permute(2, 0, 1)
    return torch.cat([normalised, torch.rand(1, 128, 128)])[None]


@needs_weights
@pytest.mark.parametrize(
    ("config", "file", "mean"),
    [
        (NetworkConfig("mobilenet_v2", "aspp"), "mobilenet_v2_imagenet", None),
        (RESNET18, "resnet18_imagenet", None),
        (NetworkConfig("resnet101_v2", "aspp"), "resnet101_v2_imagenet", 127.5),
    ],
)
def test_features_of_a_real_photo_are_finite_lively_and_do_not_explode(
    config: NetworkConfig, file: str, mean: float | None
) -> None:
    net = DextrNet(config).eval()
    load_imagenet(net, WEIGHTS / f"{file}.safetensors")
    x = photo_input(mean)
    with torch.no_grad():
        features = net.backbone(x)
        x[:, 3] = 0.0
        without_guidance = net.backbone(x)
    for found, same in zip(features, without_guidance, strict=True):
        assert torch.isfinite(found).all() and float(found.abs().max()) < 50
        alive = found.std((0, 2, 3)) > 1e-3
        assert 0.02 < float(found.std()) < 5 and float(alive.float().mean()) > 0.8
        assert torch.equal(found, same)  # the fourth channel starts without a say


@needs_weights
def test_every_tensor_of_the_v2_file_lands_somewhere() -> None:
    path = WEIGHTS / "resnet101_v2_imagenet.safetensors"
    net = DextrNet(NetworkConfig("resnet101_v2", "aspp"))
    load_imagenet(net, path)
    backbone = net.backbone
    tensors = {name: tensor.float() for name, tensor in load_file(path).items()}
    unit = "block2_unit_3_bottleneck_v2"
    ours = backbone.block2[2]
    assert torch.equal(ours.conv2.weight, tensors[f"{unit}_conv2_weights"])
    assert torch.equal(ours.bn2.bias, tensors[f"{unit}_conv2_Conv2D_bias"])
    assert torch.equal(ours.conv3.bias, tensors[f"{unit}_conv3_Conv2D_bias"])
    assert torch.equal(ours.preact[0].weight, tensors[f"{unit}_preact_FusedBatchNorm_mul_0_param"])
    assert torch.equal(ours.preact[0].bias, tensors[f"{unit}_preact_FusedBatchNorm_add_param"])
    last = "block4_unit_1_bottleneck_v2_preact_FusedBatchNorm_add_param"
    assert torch.equal(backbone.last[0].bias, tensors[last])
    assert torch.equal(backbone.conv1.bias, tensors["conv1_Conv2D_bias"])
