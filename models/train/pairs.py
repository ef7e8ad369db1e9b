"""Training pairs: reading them, and cropping them at random on the GPU."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional


class Pairs:
    """Frames and their references, uint8, [n, h, w, 3] and [n, 2h, 2w, 3]."""

    def __init__(self, folder: Path, split: str, device: torch.device) -> None:
        low = np.load(folder / f"{split}.low.npy")
        reference = np.load(folder / f"{split}.reference.npy")
        n, h, w, _ = low.shape
        if reference.shape != (n, 2 * h, 2 * w, 3):
            raise ValueError(f"{split}: references are {reference.shape} for frames of {low.shape}")
        self.low = torch.from_numpy(low).to(device)
        self.reference = torch.from_numpy(reference).to(device)

    def crops(self, count: int, size: int) -> tuple[Tensor, Tensor]:
        """count random squares of size pixels, and of 2 size of the reference; floats, [n, 3, ., .]."""
        n, h, w, _ = self.low.shape
        device = self.low.device
        frame = torch.randint(n, (count, 1, 1), device=device)
        top = torch.randint(h - size + 1, (count, 1, 1), device=device)
        left = torch.randint(w - size + 1, (count, 1, 1), device=device)
        once, twice = torch.arange(size, device=device), torch.arange(2 * size, device=device)
        low = self.low[frame, top + once[:, None], left + once]
        reference = self.reference[frame, 2 * top + twice[:, None], 2 * left + twice]
        return low.permute(0, 3, 1, 2).float() / 255, reference.permute(0, 3, 1, 2).float() / 255


def shrink(reference: Tensor, rng: random.Random) -> Tensor:
    """Half the size as photographs are shrunk, 8 bits: a box, or a cubic that keeps more detail."""
    if rng.random() < 0.5:
        small = functional.avg_pool2d(reference, 2)
    else:
        small = functional.interpolate(reference, scale_factor=0.5, mode="bicubic", antialias=True, align_corners=False)
    return (small.clamp(0, 1) * 255).round() / 255


def vary(low: Tensor, reference: Tensor, rng: random.Random) -> tuple[Tensor, Tensor]:
    """One of the 8 symmetries of the square, an order of the colors and a gain for each, the same for both."""
    if rng.random() < 0.5:
        low, reference = low.transpose(2, 3), reference.transpose(2, 3)
    flips = [axis for axis in (2, 3) if rng.random() < 0.5]
    if flips:
        low, reference = low.flip(flips), reference.flip(flips)
    order = rng.sample(range(3), 3)
    gain = 1 - 0.4 * torch.rand(low.shape[0], 3, 1, 1, device=low.device)
    # Half of the crops stay as bright as they were, as highlights must be met.
    gain = torch.where(torch.rand(low.shape[0], 1, 1, 1, device=low.device) < 0.5, gain, torch.ones_like(gain))
    return low[:, order] * gain, reference[:, order] * gain


def batch(pairs: Pairs, count: int, size: int, photographs: float, rng: random.Random) -> tuple[Tensor, Tensor]:
    """A training batch. A share of it pairs references with their shrunk selves instead of rendered frames."""
    low, reference = pairs.crops(count, size)
    photos = round(count * photographs)
    if photos:
        low = torch.cat([shrink(reference[:photos], rng), low[photos:]])
    low, reference = vary(low, reference, rng)
    form = torch.channels_last
    return low.contiguous(memory_format=form), reference.contiguous(memory_format=form)
