"""Prints what NetworkTests and ResamplerTests expect: Pillow's and TensorFlow 1's resizing, and ResNet-18's features by PyTorch.

    apt-get install python3-pil python3-torch python3-onnx
    python3 networks.py …/tools/DnnImageModels      (of the package Microsoft.ML.DnnImageFeaturizer.ResNet18)
"""
import sys

import numpy as np
import onnx
import torch
import torch.nn.functional as F
from onnx import numpy_helper
from PIL import Image


def picture(width, height, channels):
    y, x, c = np.mgrid[0:height, 0:width, 0:channels]
    return ((x * x * 3 + y * 11 + x * y + c * 70) % 256).astype(np.uint8)


def pillow(plane, size):
    return np.asarray(Image.fromarray(plane.astype(np.float32), mode="F").resize((size, size), Image.BICUBIC))


def tensorflow(plane, size):
    """resize_bilinear of TensorFlow 1, align_corners false: a pixel's place is its corner."""
    plane = plane.astype(np.float32)
    def axis(there):
        at = np.arange(size, dtype=np.float32) * np.float32(there / size)
        low = np.floor(at).astype(int)
        return low, np.minimum(low + 1, there - 1), (at - low).astype(np.float32)
    (top, bottom, dy), (left, right, dx) = axis(plane.shape[0]), axis(plane.shape[1])
    upper = plane[top][:, left] + (plane[top][:, right] - plane[top][:, left]) * dx
    lower = plane[bottom][:, left] + (plane[bottom][:, right] - plane[bottom][:, left]) * dx
    return upper + (lower - upper) * dy[:, None]


def features(folder, image):
    prep = onnx.load(folder + "/ResNetPrepOnnx/ResNetPreprocess.onnx").graph
    mean = numpy_helper.to_array(prep.initializer[0])[0]
    graph = onnx.load(folder + "/ResNet18Onnx/ResNet18.onnx").graph
    planes = np.stack([pillow(image[:, :, min(c, image.shape[2] - 1)], 224) for c in range(3)])
    values = {i.name: torch.tensor(numpy_helper.to_array(i)) for i in graph.initializer}
    values["Input247"] = torch.tensor(planes[::-1] - mean)[None]
    for node in graph.node:
        a = {x.name: list(x.ints) or x.f or x.i for x in node.attribute}
        x = [values[name] for name in node.input]
        if node.op_type == "Conv":
            t, l, b, r = a["pads"]
            y = F.conv2d(F.pad(x[0], (l, r, t, b)), x[1], stride=a["strides"])
        elif node.op_type == "BatchNormalization":
            y = F.batch_norm(x[0], x[3], x[4], x[1], x[2], eps=a["epsilon"])
        elif node.op_type == "Relu":
            y = F.relu(x[0])
        elif node.op_type == "Add":
            y = x[0] + x[1]
        elif node.op_type == "MaxPool":
            t, l, b, r = a["pads"]
            y = F.max_pool2d(F.pad(x[0], (l, r, t, b), value=float("-inf")), a["kernel_shape"], a["strides"])
        else:
            y = F.avg_pool2d(x[0], 7)
        values[node.output[0]] = y
    return y.flatten().numpy()


def show(name, values):
    print(name, "[" + ", ".join(f"{v:.4f}f" for v in np.asarray(values).flatten()) + "]")


for there, made in ((32, 11), (7, 20), (40, 40)):
    plane = picture(there, there - 2, 1)[:, :, 0]
    for name, resized in (("Clean", pillow(plane, made)), ("Legacy", tensorflow(plane, made))):
        show(f"{name} {there} to {made}: first row, last row", np.concatenate([resized[0], resized[-1]]))
for channels in (3, 1):
    values = features(sys.argv[1], picture(32, 32, channels))
    show(f"ResNet18, {channels} channels: every 64th", values[::64])
    show("  norm", [np.linalg.norm(values)])
