"""The upscaler as a PyTorch module.

Plain 3x3 convolutions with PReLU compute what bilinear interpolation of the
frame lacks, four subpixels for each pixel:

    color -> pad -> conv 3>w -> [conv w>w] x depth -> conv w>12 -> pixel shuffle -> +
       \\__________________________ bilinear x2 __________________________________/

No branch adds to the work at run time, and every layer has the same shape, so
that a driver compiles few kernels.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional


class Upscaler(nn.Module):
    """Takes [n, 3, h, w] in 0..1 to [n, 3, 2h, 2w], not clipped."""

    def __init__(self, width: int, depth: int) -> None:
        super().__init__()
        channels = [3] + [width] * (depth + 1) + [12]
        self.convs = nn.ModuleList(nn.Conv2d(a, b, 3) for a, b in zip(channels, channels[1:]))
        self.acts = nn.ModuleList(nn.PReLU(width, init=0.2) for _ in range(depth + 1))
        for conv in self.convs:
            nn.init.zeros_(conv.bias)
        nn.init.kaiming_normal_(self.convs[0].weight, a=0.2)
        for conv in self.convs[1:-1]:
            # Near the identity a deep thin network trains as one with shortcuts
            # around each layer does, and needs none when it runs.
            nn.init.kaiming_normal_(conv.weight, a=0.2)
            with torch.no_grad():
                conv.weight.mul_(0.3)
                conv.weight[:, :, 1, 1] += torch.eye(width)
        # The detail begins as nothing: the first guess is bilinear.
        nn.init.zeros_(self.convs[-1].weight)

    def forward(self, color: Tensor) -> Tensor:
        # The edge is repeated as far as the convolutions reach; see export.py.
        x = functional.pad(color, [len(self.convs)] * 4, mode="replicate")
        for conv, act in zip(self.convs, self.acts):
            x = act(conv(x))
        detail = functional.pixel_shuffle(self.convs[-1](x), 2)
        smooth = functional.interpolate(color, scale_factor=2, mode="bilinear", align_corners=False)
        return smooth + detail.float()


def arrays(net: Upscaler) -> dict[str, np.ndarray]:
    """The weights under the names that export.py reads."""
    out = {}
    for i, conv in enumerate(net.convs):
        out[f"conv{i}.weight"] = conv.weight.detach().float().cpu().numpy()
        out[f"conv{i}.bias"] = conv.bias.detach().float().cpu().numpy()
    for i, act in enumerate(net.acts):
        out[f"act{i}.alpha"] = act.weight.detach().float().cpu().numpy()
    return out


def restore(weights: dict[str, np.ndarray]) -> Upscaler:
    """The network that arrays took the weights from."""
    net = Upscaler(len(weights["conv0.weight"]), sum(name.startswith("act") for name in weights) - 1)
    with torch.no_grad():
        for i, conv in enumerate(net.convs):
            conv.weight.copy_(torch.from_numpy(weights[f"conv{i}.weight"]))
            conv.bias.copy_(torch.from_numpy(weights[f"conv{i}.bias"]))
        for i, act in enumerate(net.acts):
            act.weight.copy_(torch.from_numpy(weights[f"act{i}.alpha"]))
    return net
