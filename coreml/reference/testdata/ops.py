"""Writes ops.json: small cases of operations and what others say they give.

The types and values are coremltools' own inference of MIL operations (NumPy);
pooling and resizing, which coremltools does not evaluate, are run by ONNX
Runtime through the ONNX operation of the same meaning.

    python3 -m venv venv && venv/bin/pip install coremltools onnx onnxruntime
    venv/bin/python ops.py
"""
import copy
import json
import os

import coremltools as ct
import numpy as np
import onnxruntime
from coremltools.converters.mil.mil import Builder as mb
from coremltools.converters.mil.mil import types
from onnx import TensorProto, helper

rng = np.random.default_rng(7)
f32 = lambda *shape: rng.uniform(-2, 2, shape).astype(np.float32).round(3)
pos = lambda *shape: rng.uniform(0.1, 3, shape).astype(np.float32).round(3)
i32 = lambda *shape: rng.integers(-5, 6, shape).astype(np.int32)

X = f32(2, 3, 4)
P = pos(2, 3, 4)
I = i32(2, 3, 4)
IMAGE = f32(1, 8, 4, 6)

CASES = []


def case(op, opset="iOS17", **args):
    CASES.append((op, opset, args))


for op in "relu relu6 sigmoid tanh softplus softsign exp exp2 abs square ceil floor round sin cos tan atan erf sign".split():
    case(op, x=X)
case("round", x=np.array([-2.5, -1.5, -0.5, 0.5, 1.5, 2.5], np.float32))
case("sqrt", x=P)
case("gelu", x=X)
case("gelu", x=X, mode="EXACT")
case("gelu", x=X, mode="TANH_APPROXIMATION")
case("gelu", x=X, mode="SIGMOID_APPROXIMATION")
case("leaky_relu", x=X, alpha=np.float32(0.1))
case("prelu", x=IMAGE, alpha=f32(8))
case("elu", x=X, alpha=np.float32(0.7))
case("thresholded_relu", x=X, alpha=np.float32(0.5))
case("threshold", x=X, alpha=np.float32(0.5))
case("clip", x=X, alpha=np.float32(-0.5), beta=np.float32(0.8))
case("sigmoid_hard", x=X, alpha=np.float32(0.3), beta=np.float32(0.4))
case("scaled_tanh", x=X, alpha=np.float32(1.3), beta=np.float32(0.4))
case("softplus_parametric", x=IMAGE, alpha=pos(8), beta=pos(8))
case("log", x=P)
case("log", x=P, epsilon=np.float32(0.1))
case("rsqrt", x=P)
case("rsqrt", x=P, epsilon=np.float32(0.1))
case("inverse", x=P)
case("inverse", x=P, epsilon=np.float32(0.1))
case("logical_not", x=np.array([True, False]))

for op in "add sub mul real_div floor_div mod pow maximum minimum equal not_equal greater greater_equal less less_equal".split():
    first = P if op == "pow" else X
    case(op, x=first, y=pos(3, 1))
    case(op, x=first, y=np.float32(1.5))
    case(op, x=first[:, :1], y=pos(2, 3, 1))
for op in "add sub mul floor_div mod maximum minimum".split():
    case(op, x=I, y=np.array([[-3], [2], [4]], np.int32))
for op in "logical_and logical_or logical_xor".split():
    case(op, x=np.array([True, True, False, False]), y=np.array([True, False, True, False]))
case("select", cond=np.array([[True], [False], [True]]), a=X, b=P)

for dtype in ("int32", "bool", "fp32"):
    case("cast", x=X, dtype=dtype)
case("cast", x=I, dtype="fp32")
case("cast", x=np.array([True, False]), dtype="fp32")

case("reshape", x=X, shape=[4, 6])
case("reshape", x=X, shape=[0, -1, 2])
case("transpose", x=X, perm=[2, 0, 1])
case("transpose", x=X, perm=[-1, 0, -2])
case("squeeze", x=f32(1, 3, 1, 2), axes=[0, -2])
case("squeeze", x=f32(1, 3, 1, 2))
case("expand_dims", x=X, axes=[0, 2])
case("expand_dims", x=X, axes=[-1])
case("flatten2d", x=X, axis=1)
case("flatten2d", x=X, axis=-1)
case("concat", values=[X, f32(2, 1, 4), f32(2, 2, 4)], axis=1)
case("concat", values=[X, f32(2, 3, 1)], axis=-1)
case("stack", values=[X, P], axis=1)
case("stack", values=[X, P], axis=-1)
case("split", x=X, num_splits=2, axis=2)
case("split", x=X, split_sizes=[1, 2], axis=1)
case("tile", x=X, reps=[1, 2, 3])
case("reverse", x=X, axes=[0, -1])
case("reverse", x=X)
for mode in ("constant", "reflect", "replicate"):
    case("pad", x=IMAGE, pad=[0, 0, 0, 0, 1, 2, 3, 1], mode=mode, constant_val=np.float32(0.5))
case("pad", x=X, pad=[1, 2])
case("shape", x=X)
case("fill", shape=[2, 3], value=np.float32(1.5))

SLICES = [
    dict(begin=[0, 1, 1], end=[2, 3, 4]),
    dict(begin=[0, 0, 1], end=[2, 3, 4], stride=[1, 2, 2]),
    dict(begin=[0, -2, -3], end=[2, 3, -1]),
    dict(begin=[9, 1, 9], end=[9, 9, 3], begin_mask=[True, False, True], end_mask=[True, True, False]),
    dict(begin=[1, 0, 2], end=[0, 3, 0], squeeze_mask=[True, False, True]),
    dict(begin=[0, 2, 3], end=[2, 0, 0], stride=[1, -1, -2]),
    dict(begin=[0, 2, 3], end=[2, 0, 0], stride=[1, -1, -1], end_mask=[True, True, True]),
    dict(begin=[0, 0, 0], end=[0, 0, 0], stride=[-1, -2, -3], begin_mask=[True] * 3, end_mask=[True] * 3),
]
for s in SLICES:
    case("slice_by_index", x=X, **s)
case("slice_by_size", x=X, begin=[0, 1, -2], size=[2, -1, 1])

case("gather", x=X, indices=np.array([2, 0, 1], np.int32), axis=1)
case("gather", x=X, indices=np.array([[2, -1], [0, 1]], np.int32), axis=-1)
case("gather", x=X, indices=np.int32(1), axis=0)
case("gather", x=X, indices=np.array([[0, 2], [1, 1]], np.int32), axis=1, batch_dims=1)
case("gather_along_axis", x=X, indices=np.array([[[0, 1, 2, 0]], [[2, 2, 1, 0]]], np.int32), axis=1)
case("topk", x=X, k=2, axis=2)
case("topk", x=X, k=2, axis=1, ascending=True)
case("argsort", x=X, axis=1, ascending=True)
case("argsort", x=X)
for exclusive in (False, True):
    for back in (False, True):
        case("cumsum", x=X, axis=1, exclusive=exclusive, reverse=back)

for op in "mean max min sum prod l1_norm l2_norm log_sum log_sum_exp sum_square".split():
    x = P if "log" in op else X
    case("reduce_" + op, x=x, axes=[1])
    case("reduce_" + op, x=x, axes=[-1, 0], keep_dims=True)
    case("reduce_" + op, x=x)
for op in "argmax argmin".split():
    case("reduce_" + op, x=X, axis=1)
    case("reduce_" + op, x=X, keep_dims=True)
case("softmax", x=X, axis=1)
case("softmax", x=X)

case("linear", x=X, weight=f32(5, 4), bias=f32(5))
case("linear", x=X, weight=f32(5, 4))
case("matmul", x=f32(2, 1, 3, 4), y=f32(5, 4, 2))
case("matmul", x=f32(2, 4, 3), y=f32(2, 5, 4), transpose_x=True, transpose_y=True)
case("matmul", x=f32(4), y=f32(2, 4, 3))
case("einsum", values=[f32(2, 3, 4, 5), f32(2, 5, 4, 2)], equation="nchw,nwhu->nchu")
case("einsum", values=[f32(3, 4, 5), f32(5, 4, 2)], equation="chw,whr->chr")
case("layer_norm", x=X, axes=[-1], gamma=f32(4), beta=f32(4), epsilon=np.float32(1e-3))
case("layer_norm", x=X, axes=[1, 2], gamma=f32(3, 4), beta=f32(3, 4))
case("l2_norm", x=IMAGE)

W8 = rng.integers(-8, 8, (4, 6)).astype(np.int8)
case("constexpr_affine_dequantize", "iOS16", quantized_data=W8, zero_point=np.int8(-2), scale=np.float32(0.1), axis=0)
case("constexpr_affine_dequantize", "iOS16", quantized_data=W8, zero_point=np.arange(6, dtype=np.int8), scale=pos(6), axis=1)
case("constexpr_lut_to_dense", "iOS16", indices=np.array([0b11001001, 0b10], np.uint8), lut=f32(4), shape=np.array([5], np.uint32))
case("constexpr_lut_to_dense", "iOS16", indices=np.array([0b11001001, 0b10110110, 0b01101100, 0b00000001], np.uint8),
     lut=f32(64), shape=np.array([1, 5], np.uint32))
case("constexpr_sparse_to_dense", "iOS16", nonzero_data=f32(3), mask=np.array([0b00011001], np.uint8), shape=np.array([5], np.uint32))


def onnx(op, x, opset=18, **attributes):
    """Runs one ONNX operation; array attributes of Resize become inputs."""
    inputs, feeds = ["x"], {"x": x}
    initializers = []
    for name in ("roi", "scales", "sizes"):
        if op == "Resize":
            value = attributes.pop(name, None)
            inputs.append(name if value is not None else "")
            if value is not None:
                kind = TensorProto.INT64 if name == "sizes" else TensorProto.FLOAT
                initializers.append(helper.make_tensor(name, kind, [len(value)], value))
    node = helper.make_node(op, inputs, ["y"], **attributes)
    graph = helper.make_graph(
        [node], "g", [helper.make_tensor_value_info("x", TensorProto.FLOAT, x.shape)],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, None)], initializers)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=8)
    return onnxruntime.InferenceSession(model.SerializeToString()).run(None, feeds)[0]


# Operations that coremltools does not evaluate: by ONNX Runtime, or by NumPy.
OTHERS = []
BIG = f32(1, 2, 7, 6)
for kernel, strides, pad, ceil in [
    ([2, 2], [2, 2], [0, 0, 0, 0], False), ([3, 2], [2, 1], [1, 1, 1, 0], False), ([2, 2], [2, 2], [0, 0, 0, 0], True),
    ([3, 3], [2, 2], [1, 1, 1, 1], True), ([2, 3], [3, 3], [1, 1, 1, 1], True),
]:
    args = dict(kernel_sizes=kernel, strides=strides, pad_type="custom", pad=pad)
    # Equal padding on both sides is what ceil_mode takes.
    if ceil:
        args["ceil_mode"] = True
    same = dict(kernel_shape=kernel, strides=strides, pads=[pad[0], pad[2], pad[1], pad[3]], ceil_mode=int(ceil))
    OTHERS.append(("max_pool", dict(x=BIG, **args), onnx("MaxPool", BIG, **same)))
    if not ceil:
        for exclude in (False, True):
            OTHERS.append(("avg_pool", dict(x=BIG, exclude_padding_from_average=exclude, **args),
                            onnx("AveragePool", BIG, count_include_pad=int(not exclude), **same)))
for strides in ([1, 1], [2, 2], [2, 3]):
    for name, auto in (("same", "SAME_UPPER"), ("same_lower", "SAME_LOWER")):
        OTHERS.append(("max_pool", dict(x=BIG, kernel_sizes=[2, 3], strides=strides, pad_type=name),
                        onnx("MaxPool", BIG, kernel_shape=[2, 3], strides=strides, auto_pad=auto)))
for h, w in ((2, 3), (1, 2)):
    OTHERS.append(("upsample_nearest_neighbor", dict(x=BIG, scale_factor_height=h, scale_factor_width=w),
                    onnx("Resize", BIG, scales=[1, 1, h, w], mode="nearest", nearest_mode="floor",
                         coordinate_transformation_mode="asymmetric")))
MODES = {"align_corners": dict(align_corners=True, half_pixel_centers=False),
         "half_pixel": dict(align_corners=False, half_pixel_centers=True),
         "asymmetric": dict(align_corners=False, half_pixel_centers=False)}
for mode, flags in MODES.items():
    for h, w in ((2.0, 3.0), (1.5, 2.5)):
        sizes = [1, 2, int(7 * h), int(6 * w)]
        OTHERS.append(("upsample_bilinear", dict(x=BIG, scale_factor_height=np.float32(h), scale_factor_width=np.float32(w), **flags),
                        onnx("Resize", BIG, sizes=sizes, mode="linear", coordinate_transformation_mode=mode)))
for mode, name in (("align_corners", "STRICT_ALIGN_CORNERS"), ("half_pixel", "UNALIGN_CORNERS"), ("asymmetric", "DEFAULT")):
    for h, w in ((9, 11), (4, 3)):
        OTHERS.append(("resize_bilinear", dict(x=BIG, target_size_height=h, target_size_width=w, sampling_mode=name),
                        onnx("Resize", BIG, sizes=[1, 2, h, w], mode="linear", coordinate_transformation_mode=mode)))
OTHERS.append(("resize_nearest_neighbor", dict(x=BIG, target_size_height=14, target_size_width=3),
                onnx("Resize", BIG, sizes=[1, 2, 14, 3], mode="nearest", nearest_mode="floor",
                     coordinate_transformation_mode="asymmetric")))
OTHERS.append(("pixel_shuffle", dict(x=IMAGE, upscale_factor=2), onnx("DepthToSpace", IMAGE, blocksize=2, mode="CRD")))
OTHERS.append(("depth_to_space", dict(x=IMAGE, block_size=2), onnx("DepthToSpace", IMAGE, blocksize=2, mode="DCR")))
OTHERS.append(("space_to_depth", dict(x=IMAGE, block_size=2), onnx("SpaceToDepth", IMAGE, blocksize=2)))
# What PyTorch's PixelUnshuffle is defined as.
unshuffled = IMAGE.reshape(1, 8, 2, 2, 3, 2).transpose(0, 1, 3, 5, 2, 4).reshape(1, 32, 2, 3)
OTHERS.append(("pixel_unshuffle", dict(x=IMAGE, downscale_factor=2), unshuffled))
OTHERS.append(("crop", dict(x=IMAGE, crop_height=[1, 0], crop_width=[2, 1]), IMAGE[:, :, 1:, 2:-1]))
# coremltools' own evaluation leaves interleave out.
OTHERS.append(("concat", dict(values=[X, P], axis=1, interleave=True), np.stack([X, P], 2).reshape(2, 6, 4)))
OTHERS.append(("silu", dict(x=IMAGE), IMAGE / (1 + np.exp(-IMAGE))))
GAMMA, BETA = f32(2), f32(2)
mean, var = BIG.mean((0, 2, 3)), BIG.var((0, 2, 3))
column = lambda v: v.reshape(1, 2, 1, 1)
OTHERS.append(("batch_norm", dict(x=BIG, mean=mean, variance=var, gamma=GAMMA, beta=BETA, epsilon=np.float32(1e-3)),
                (BIG - column(mean)) / np.sqrt(column(var) + 1e-3) * column(GAMMA) + column(BETA)))
OTHERS.append(("instance_norm", dict(x=BIG, gamma=GAMMA, beta=BETA, epsilon=np.float32(1e-3)),
                (BIG - column(mean)) / np.sqrt(column(var) + 1e-3) * column(GAMMA) + column(BETA)))

NAMES = {np.dtype(np.float32): "fp32", np.dtype(np.int32): "int32", np.dtype(bool): "bool", np.dtype(np.int8): "int8",
         np.dtype(np.uint8): "uint8", np.dtype(np.uint32): "uint32", np.dtype(np.int64): "int32", np.dtype(np.float64): "fp32"}


def pack(value):
    if isinstance(value, str):
        return {"type": "string", "text": value}
    a = np.asarray(value)
    values = [float("%.8g" % v) for v in a.astype(np.float64).flatten()]
    return {"type": NAMES[a.dtype], "shape": list(a.shape), "values": values}


def record(op, args, outputs, opset):
    many = {k: [pack(e) for e in v] for k, v in args.items() if k == "values"}
    one = {k: [pack(v)] for k, v in args.items() if k != "values"}
    return {"op": op, "opset": opset, "args": {**one, **many}, "outputs": [pack(o) for o in outputs]}


KINDS = {"fp32": np.float32, "int32": np.int32, "bool": bool, "int8": np.int8, "uint8": np.uint8}
OPSETS = {"iOS16": "CoreML6", "iOS17": "CoreML7"}
out = []
skipped = []
for op, opset, args in CASES:
    result = []

    def program():
        y = getattr(mb, op)(**copy.deepcopy(args))  # some evaluate in place
        y = y if isinstance(y, (list, tuple)) else (y,)
        for v in y:
            value = v.val
            if value is None:
                value = v.op.materialized_val_inference() if hasattr(v.op, "materialized_val_inference") else None
            kind = types.builtin_to_string(v.dtype)
            result.append((value, v.shape, kind))
        return y[0]

    try:
        mb.program(input_specs=[], opset_version=getattr(ct.target, opset))(program)
    except Exception as e:
        print("REFUSED", op, {k: v for k, v in args.items() if not isinstance(v, np.ndarray)}, str(e)[:200])
        continue
    if any(v is None or np.size(v) != np.prod(s) for v, s, _ in result):
        skipped.append(op)
        continue
    out.append(record(op, args, [np.asarray(v).reshape(s).astype(KINDS[k]) for v, s, k in result], OPSETS[opset]))
for op, args, y in OTHERS:
    out.append(record(op, args, [np.asarray(y, np.float32)], "CoreML7"))

path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "ops.json")
with open(path, "w") as f:
    f.write("[\n" + ",\n".join(json.dumps(c) for c in out) + "\n]\n")
print(len(out), "cases; not evaluated by coremltools:", sorted(set(skipped)))
