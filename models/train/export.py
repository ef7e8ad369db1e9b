"""Writes trained weights as a Core ML package.

    python export.py best.npz ../upscale.mlpackage

The .npz holds the layers of network.py's Upscaler in order: conv0.weight,
conv0.bias, act0.alpha, conv1.weight, ... ; every conv but the last is followed
by an act. The package is an ML Program (Core ML 6, macOS 13 and later):

    color     [1, 3, H, W]    fp16, sRGB-encoded red, green, blue in 0..1
    upscaled  [1, 3, 2H, 2W]  fp16, the same encoding, clipped to 0..1

for H and W of 16..2048. The same weights give the same bytes with the same
coremltools: dates and random identifiers are left out.
"""

from __future__ import annotations

import argparse
import json
import shutil
import uuid
from pathlib import Path

import coremltools as ct
import numpy as np
from coremltools.converters.mil.mil import Builder as mb
from coremltools.converters.mil.mil import Program, get_new_symbol, types

SMALLEST, LARGEST = 16, 2048
DEFAULT_HEIGHT, DEFAULT_WIDTH = 360, 640
AUTHOR = "The weft authors"
LICENSE = "Apache-2.0"
DESCRIPTION = "Upscales a rendered frame by 2 in each direction and smooths its aliasing."
TARGET = ct.target.iOS16  # the first whose inputs and outputs may be fp16


def layers(weights: dict[str, np.ndarray]) -> list[dict[str, np.ndarray]]:
    """The layers in order, each with weight, bias and, but for the last, alpha; fp16."""
    found: list[dict[str, np.ndarray]] = []
    while f"conv{len(found)}.weight" in weights:
        i = len(found)
        layer = {"weight": weights[f"conv{i}.weight"], "bias": weights[f"conv{i}.bias"]}
        if f"act{i}.alpha" in weights:
            layer["alpha"] = weights[f"act{i}.alpha"]
        found.append(layer)
    if not found or "alpha" in found[-1] or any("alpha" not in layer for layer in found[:-1]):
        raise ValueError("want conv0, act0, conv1, act1, ..., convN with no act after the last conv")
    channels = 3
    for i, layer in enumerate(found):
        out, into, height, width = layer["weight"].shape
        if into != channels or height != width or height % 2 == 0:
            raise ValueError(f"conv{i}.weight is {layer['weight'].shape}, want [n, {channels}, k, k] with k odd")
        channels = out
    if channels != 12:
        raise ValueError(f"the last conv has {channels} outputs, want 12 (3 colors of 2x2 pixels)")
    return [{name: value.astype(np.float16) for name, value in layer.items()} for layer in found]


def program(net: list[dict[str, np.ndarray]]) -> Program:
    """The network as a MIL program."""
    height, width = get_new_symbol(), get_new_symbol()

    @mb.program(
        input_specs=[mb.TensorSpec(shape=(1, 3, height, width), dtype=types.fp16)],
        opset_version=TARGET,
    )
    def main(color):
        # The frame's edge is repeated as far as the convolutions reach, which
        # then end at the frame's size. With zeros outside, a plain picture came
        # out with a rim, up to 13 of 255 too dark or too bright.
        reach = sum(layer["weight"].shape[-1] // 2 for layer in net)
        x = mb.pad(x=color, pad=[0, 0, 0, 0] + [reach] * 4, mode="replicate", constant_val=np.float16(0), name="edge")
        for i, layer in enumerate(net):
            x = mb.conv(x=x, weight=layer["weight"], bias=layer["bias"], pad_type="valid", name=f"conv{i}")
            if "alpha" in layer:
                x = mb.prelu(x=x, alpha=layer["alpha"], name=f"act{i}")
        x = mb.pixel_shuffle(x=x, upscale_factor=2, name="detail")
        smooth = mb.upsample_bilinear(
            x=color,
            scale_factor_height=2,
            scale_factor_width=2,
            align_corners=False,
            half_pixel_centers=True,
            name="smooth",
        )
        x = mb.add(x=smooth, y=x, name="sharp")
        return mb.clip(x=x, alpha=np.float16(0), beta=np.float16(1), name="upscaled")

    return main


def convert(prog: Program) -> ct.models.MLModel:
    """The program as a Core ML model, described for the people who get it."""
    height = ct.RangeDim(SMALLEST, LARGEST, default=DEFAULT_HEIGHT)
    width = ct.RangeDim(SMALLEST, LARGEST, default=DEFAULT_WIDTH)
    model = ct.convert(
        prog,
        convert_to="mlprogram",
        minimum_deployment_target=TARGET,
        compute_precision=ct.precision.FLOAT16,
        inputs=[ct.TensorType(name="color", shape=ct.Shape((1, 3, height, width)), dtype=np.float16)],
        outputs=[ct.TensorType(name="upscaled", dtype=np.float16)],
        skip_model_load=True,
    )
    model.author, model.license, model.short_description = AUTHOR, LICENSE, DESCRIPTION
    model.version = "1"
    model.input_description["color"] = "sRGB-encoded red, green and blue planes, 0..1"
    model.output_description["upscaled"] = "the same at twice the width and height, 0..1"
    return model


def write(model: ct.models.MLModel, folder: Path) -> None:
    """Writes the package. MLModel.save would do, but for its random UUIDs."""
    spec = model.get_spec()
    for key in list(spec.description.metadata.userDefined):
        if key.endswith(".conversion_date"):
            del spec.description.metadata.userDefined[key]
    shutil.rmtree(folder, ignore_errors=True)
    data = folder / "Data" / "com.apple.CoreML"
    (data / "weights").mkdir(parents=True)
    # deterministic: the maps of a protobuf message have no order of their own.
    (data / "model.mlmodel").write_bytes(spec.SerializeToString(deterministic=True))
    shutil.copyfile(Path(model.weights_dir) / "weight.bin", data / "weights" / "weight.bin")

    def item(path: str, description: str) -> tuple[str, dict[str, str]]:
        identifier = str(uuid.uuid5(uuid.NAMESPACE_URL, f"weft/models/upscale/{path}")).upper()
        entry = {"author": "com.apple.CoreML", "description": description}
        return identifier, entry | {"name": Path(path).name, "path": path}

    root = item("com.apple.CoreML/model.mlmodel", "CoreML Model Specification")
    weights = item("com.apple.CoreML/weights", "CoreML Model Weights")
    manifest = {
        "fileFormatVersion": "1.0.0",
        "itemInfoEntries": dict([root, weights]),
        "rootModelIdentifier": root[0],
    }
    (folder / "Manifest.json").write_text(json.dumps(manifest, indent=4) + "\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("weights", type=Path, help=".npz that train.py wrote")
    parser.add_argument("package", type=Path, help=".mlpackage to write")
    args = parser.parse_args()
    net = layers(dict(np.load(args.weights)))
    write(convert(program(net)), args.package)
    parameters = sum(value.size for layer in net for value in layer.values())
    adds = sum(layer["weight"].size for layer in net)
    print(f"{args.package}: {parameters} parameters, {adds} multiply-adds per input pixel")


if __name__ == "__main__":
    main()
