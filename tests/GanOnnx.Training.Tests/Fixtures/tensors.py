"""Reads and writes .safetensors with numpy alone, after the format's specification, and runs a network of PyTorch.

tensors.py read FILE            prints each tensor's name, type, shape and sum
tensors.py network FILE.safetensors FILE.bin
                                    writes a network's weights, and an input of it with its output
"""
import json
import struct
import sys

import numpy as np

TYPES = {"F32": np.float32, "F16": np.float16, "F64": np.float64, "I64": np.int64, "U8": np.uint8}


def read(path):
    with open(path, "rb") as file:
        length, = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        data = file.read()
    text = header.pop("__metadata__", {})
    assert all(isinstance(value, str) for value in text.values())
    return {name: np.frombuffer(data[slice(*entry["data_offsets"])], TYPES[entry["dtype"]]).reshape(entry["shape"])
            for name, entry in header.items()}


def write(path, tensors):
    header, data = {}, b""
    for name, tensor in tensors.items():
        kind = next(k for k, v in TYPES.items() if v == tensor.dtype)
        header[name] = {"dtype": kind, "shape": tensor.shape, "data_offsets": [len(data), len(data) + tensor.nbytes]}
        data += tensor.tobytes()
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + data)


def network(weights, values):
    import torch
    torch.manual_seed(1)
    net = torch.nn.Sequential(torch.nn.Conv2d(3, 4, 3, stride=2), torch.nn.BatchNorm2d(4), torch.nn.ReLU(),
                              torch.nn.Flatten(), torch.nn.Linear(36, 5))
    x = torch.randn(2, 3, 8, 8)
    net(x)
    net.eval()
    write(weights, {name: tensor.numpy() for name, tensor in net.state_dict().items()})
    write(values, {"x": x.numpy(), "y": net(x).detach().numpy()})


if sys.argv[1] == "read":
    for key, value in read(sys.argv[2]).items():
        print(key, value.dtype, list(value.shape), f"{value.astype(np.float64).sum():.6g}")
else:
    network(*sys.argv[2:])
