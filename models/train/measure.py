"""Bicubic enlargement, PSNR and SSIM as the demo computes them in Go.

Frames are [n, 3, h, w] tensors in 0..1. Like the demo's, pictures are rounded
to 8 bits before they are compared, SSIM is that of Rec. 709 luma, and bicubic
is Keys' cubic convolution with a = -1/2.
"""

from __future__ import annotations

from typing import Callable

import torch
from torch import Tensor
from torch.nn import functional

BORDER = 8  # pixels at the frame's edge that are also measured by themselves


def quantize(frames: Tensor) -> Tensor:
    return (frames.clamp(0, 1) * 255).round() / 255


def bicubic(frames: Tensor) -> Tensor:
    """Enlarges by 2. At the edges the taps inside are scaled up to the sum 1."""
    # A pixel of the output lies 1/4 from an input pixel: taps at 1.25, .25, .75, 1.75.
    near = torch.tensor([-9.0, 111.0, 29.0, -3.0], device=frames.device) / 128
    far = near.flip(0)
    taps = torch.zeros(2, 5, device=frames.device)
    taps[0, 0:4] = far
    taps[1, 1:5] = near
    kernel = torch.einsum("ay,bx->abyx", taps, taps).reshape(4, 1, 5, 5)
    n, c, h, w = frames.shape

    def spread(x: Tensor) -> Tensor:
        return functional.pixel_shuffle(functional.conv2d(x.reshape(-1, 1, h, w), kernel, padding=2), 2)

    return (spread(frames) / spread(torch.ones_like(frames[:1, :1]))).reshape(n, c, 2 * h, 2 * w)


def bilinear(frames: Tensor) -> Tensor:
    return functional.interpolate(frames, scale_factor=2, mode="bilinear", align_corners=False)


def psnr(a: Tensor, b: Tensor) -> Tensor:
    """Decibels for each frame."""
    return -10 * (a - b).square().mean(dim=(1, 2, 3)).log10()


def ssim(a: Tensor, b: Tensor) -> Tensor:
    """Wang et al. 2004, for each frame: 11x11 Gaussian of deviation 1.5, windows inside."""
    # Double precision: variances are small differences of large means.
    distance = torch.arange(11, device=a.device, dtype=torch.float64) - 5
    gauss = torch.exp(-distance.square() / (2 * 1.5 * 1.5))
    gauss = gauss / gauss.sum()
    weights = torch.tensor([0.2126, 0.7152, 0.0722], device=a.device, dtype=torch.float64).reshape(1, 3, 1, 1)

    def mean(x: Tensor) -> Tensor:
        return functional.conv2d(functional.conv2d(x, gauss.reshape(1, 1, 1, 11)), gauss.reshape(1, 1, 11, 1))

    x, y = (a * weights).sum(1, keepdim=True), (b * weights).sum(1, keepdim=True)
    mx, my = mean(x), mean(y)
    vx, vy, cov = mean(x * x) - mx * mx, mean(y * y) - my * my, mean(x * y) - mx * my
    c1, c2 = 0.01**2, 0.03**2
    index = (2 * mx * my + c1) * (2 * cov + c2) / ((mx * mx + my * my + c1) * (vx + vy + c2))
    return index.mean(dim=(1, 2, 3))


@torch.no_grad()
def score(upscale: Callable[[Tensor], Tensor], low: Tensor, reference: Tensor, batch: int = 4) -> dict[str, list[float]]:
    """PSNR, SSIM and PSNR of the border for each frame; low and reference are uint8, [n, h, w, 3]."""
    result: dict[str, list[float]] = {"psnr": [], "ssim": [], "border_psnr": []}
    for i in range(0, len(low), batch):
        x = low[i : i + batch].permute(0, 3, 1, 2).float() / 255
        want = reference[i : i + batch].permute(0, 3, 1, 2).float() / 255
        # Exact products, and no search for the fastest way to make them.
        with torch.backends.cudnn.flags(enabled=True, benchmark=False, allow_tf32=False):
            got = quantize(upscale(x))
        result["psnr"] += psnr(got, want).tolist()
        result["ssim"] += ssim(got, want).tolist()
        # The inside made equal leaves the error of the border, over its own area.
        inside = (slice(None), slice(None), slice(BORDER, -BORDER), slice(BORDER, -BORDER))
        edge = got.clone()
        edge[inside] = want[inside]
        share = 1 - want[inside].numel() / want.numel()
        result["border_psnr"] += (psnr(edge, want) + 10 * torch.tensor(share).log10().item()).tolist()
    return result


@torch.no_grad()
def plain_errors(upscale: Callable[[Tensor], Tensor], device: torch.device) -> Tensor:
    """The greatest error, of 255, for each of 100 pictures of one color: what a border adds to nothing."""
    colors = torch.rand(100, 3, 1, 1, generator=torch.Generator().manual_seed(1)).to(device)
    colors[:8] = colors[:8].round()
    return (upscale(colors.expand(-1, 3, 40, 40).contiguous()).clamp(0, 1) - colors).abs().amax(dim=(1, 2, 3)) * 255


def mean(values: list[float]) -> float:
    return sum(values) / len(values)
