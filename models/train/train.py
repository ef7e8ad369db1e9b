"""Trains the upscaler on frames that the program in frames/ rendered.

    python train.py --data DIR --out DIR

Reads DIR/{train,validation,test}.{low,reference}.npy. Writes to the out folder
best.npz (for export.py) and metrics.json: PSNR and SSIM of bilinear, bicubic
and the network on the test scenes, which chose nothing.
"""

from __future__ import annotations

import argparse
import copy
import json
import math
import random
import time
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from judge import judge, summary
from measure import score
from network import Upscaler, arrays
from pairs import Pairs, batch

BORDER_WEIGHT = 0.2
TRIAL = 200, 500  # the steps between which --seconds measures the speed


def border_weights(size: int, ring: int, device: torch.device) -> Tensor:
    """Weights for the pixels of a crop that the network saw, of size pixels a side.

    Pixels less than ring from the edge see the padding. They are a third of a
    crop and a twelfth of a frame, so they count less.
    """
    weights = torch.full((1, 1, size, size), BORDER_WEIGHT, device=device)
    weights[..., ring : size - ring, ring : size - ring] = 1
    return weights / weights.mean()


def loss(got: Tensor, want: Tensor, weights: Tensor) -> Tensor:
    """Distance of the values, and of their differences to the right and below.

    Charbonnier's distance keeps flat parts clean. The squares ask for the mean
    of what an aliased edge may have been, which is what smooths it; without
    them PSNR ended 0.2 to 0.3 dB lower.
    """
    # Beyond black and white nothing is wrong: the last layer clips.
    got = torch.where(want >= 1, got.clamp(max=1), torch.where(want <= 0, got.clamp(min=0), got))
    error = got - want
    across, down = error[..., 1:] - error[..., :-1], error[..., 1:, :] - error[..., :-1, :]

    def distance(x: Tensor) -> Tensor:
        squares = x.square()
        return (((squares + 1e-4).sqrt() + 3 * squares) * weights[..., : x.shape[2], : x.shape[3]]).mean()

    return distance(error) + 0.1 * (distance(across) + distance(down))


def rounded(net: Upscaler) -> Upscaler:
    """A copy with the weights that the package will hold: half precision."""
    half = copy.deepcopy(net).eval()
    with torch.no_grad():
        for p in half.parameters():
            p.copy_(p.half().float())
    return half


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--width", type=int, default=20, help="channels")
    parser.add_argument("--depth", type=int, default=6, help="convolutions between the first and the last")
    parser.add_argument("--steps", type=int, default=27_000)
    parser.add_argument("--seconds", type=float, help="instead of --steps: as many as that takes, by the speed of the first")
    parser.add_argument("--batch", type=int, default=64, help="crops a step")
    parser.add_argument("--crop", type=int, default=96, help="pixels of the low-resolution frame")
    parser.add_argument("--photographs", type=float, default=0.25, help="share of crops shrunk from references")
    parser.add_argument("--rate", type=float, default=3e-3, help="greatest learning rate")
    parser.add_argument("--precision", choices=["tf32", "bf16"], default="bf16")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--evaluations", type=int, default=10)
    args = parser.parse_args()

    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    torch.manual_seed(args.seed)
    rng = random.Random(args.seed)
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = True
    torch.backends.cudnn.benchmark = True
    args.out.mkdir(parents=True, exist_ok=True)

    train, validation, test = (Pairs(args.data, split, device) for split in ("train", "validation", "test"))
    net = Upscaler(args.width, args.depth).to(device, memory_format=torch.channels_last)
    average = copy.deepcopy(net)
    parameters = sum(p.numel() for p in net.parameters())
    print(f"{parameters} parameters, {len(train.low)} frames, {device}", flush=True)

    optimizer = torch.optim.Adam(net.parameters(), lr=args.rate, betas=(0.9, 0.99), fused=device.type == "cuda")
    warm = max(1, min(TRIAL[1], args.steps // 20))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda i: min(1, (i + 1) / warm) * (0.5 + 0.5 * math.cos(math.pi * i / args.steps)) + 1e-4
    )
    weights = border_weights(2 * args.crop, 2 * (args.depth + 2), device)
    best, start = -math.inf, time.monotonic()
    step = 0
    while step < args.steps:
        step += 1
        low, reference = batch(train, args.batch, args.crop, args.photographs, rng)
        with torch.autocast(device.type, torch.bfloat16, enabled=args.precision == "bf16"):
            got = net(low)
        optimizer.zero_grad(set_to_none=True)
        value = loss(got, reference, weights)
        value.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 0.5)
        optimizer.step()
        schedule.step()
        with torch.no_grad():  # the average of the last thousand or so steps is steadier than any of them
            weight = max(0.001, 1 / (step + 1))
            torch._foreach_lerp_(list(average.parameters()), list(net.parameters()), weight)
        if args.seconds and step in TRIAL:
            value.item()  # waits for the GPU
            now = time.monotonic()
            if step == TRIAL[1]:
                each = (now - trial) / (TRIAL[1] - TRIAL[0])
                args.steps = step + max(0, int((args.seconds - (now - start)) / each))
                print(f"{1000 * each:.2f} ms a step, {args.steps} steps", flush=True)
            trial = now
        if step % max(1, args.steps // args.evaluations) == 0 or step == args.steps:
            result = summary(score(rounded(average), validation.low, validation.reference))
            seconds = time.monotonic() - start
            print(f"step {step} {seconds:.0f} s loss {value.item():.5f} validation {result}", flush=True)
            if result["psnr"] > best:
                best, kept = result["psnr"], rounded(average)
                np.savez(args.out / "best.npz", **arrays(kept))

    metrics = {"options": {k: str(v) if isinstance(v, Path) else v for k, v in vars(args).items()}}
    metrics |= {"parameters": parameters, "frames": len(train.low), "seconds": round(time.monotonic() - start)}
    metrics |= judge(kept, {"validation": validation, "test": test})
    (args.out / "metrics.json").write_text(json.dumps(metrics, indent=2) + "\n")
    print(json.dumps(metrics), flush=True)


if __name__ == "__main__":
    main()
