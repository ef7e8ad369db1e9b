"""Judges trained weights on scenes that training never saw.

    python judge.py --data DIR best.npz

Prints PSNR and SSIM of bilinear, bicubic and the network, means over the frames
of each split, and more; train.py writes the same to metrics.json.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import torch

from measure import bicubic, bilinear, mean, plain_errors, score
from network import Upscaler, restore
from pairs import Pairs


def summary(scores: dict[str, list[float]]) -> dict[str, float]:
    return {name: round(mean(values), 4) for name, values in scores.items()}


def judge(net: Upscaler, splits: dict[str, Pairs]) -> dict[str, object]:
    """The figures by split."""
    result: dict[str, object] = {}
    for split, pairs in splits.items():
        scores = {
            name: score(upscale, pairs.low, pairs.reference)
            for name, upscale in (("bilinear", bilinear), ("bicubic", bicubic), ("neural", net))
        }
        result[split] = {name: summary(s) for name, s in scores.items()}
        # Each frame's gain, so that a bad scene cannot hide in the mean.
        gains = [a - b for a, b in zip(scores["neural"]["psnr"], scores["bicubic"]["psnr"])]
        result[f"{split}_psnr_over_bicubic"] = [round(gain, 3) for gain in gains]
    plain = plain_errors(net, next(net.parameters()).device)
    result["plain_error_of_255"] = {"mean": round(plain.mean().item(), 2), "worst": round(plain.max().item(), 2)}
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("weights", type=Path)
    args = parser.parse_args()
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    net = restore(dict(np.load(args.weights))).to(device).eval()
    with torch.no_grad():  # half precision, as in the package
        for p in net.parameters():
            p.copy_(p.half().float())
    splits = {split: Pairs(args.data, split, device) for split in ("validation", "test")}
    print(json.dumps(judge(net, splits), indent=2))


if __name__ == "__main__":
    main()
