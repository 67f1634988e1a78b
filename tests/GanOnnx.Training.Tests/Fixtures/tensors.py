"""Reads and writes .safetensors with numpy alone, after the format's specification, and runs a network of PyTorch.

tensors.py read FILE            prints each tensor's name, type, shape and sum
tensors.py network FILE.safetensors FILE.bin
                                    writes a network's weights, and an input of it with its output
tensors.py wavegan|mocogan|text FILE OUT    of weights and inputs (z, label or text, x) writes what the networks make of them: made and scores
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


def layers(t, name):
    return range(len({key.split(".")[2] for key in t if key.startswith(name + ".")}))


def scores(t, x, along):
    """Of features, and the vectors that they are projected on."""
    import torch.nn.functional as F
    return F.linear(x, t["discriminator.head.score.weight"], t["discriminator.head.score.bias"])[:, 0] + (along * x).sum(1)


def wavegan(path, out):
    import torch
    import torch.nn.functional as F
    t = {name: torch.from_numpy(value.copy()) for name, value in read(path).items()}
    x = (t["z"] @ t["generator.project.weight"].T).reshape(len(t["z"]), -1, 1, 16)
    for i in layers(t, "generator.ups"):
        norm = f"generator.norms.{i}.conditional."
        x = F.batch_norm(x, t[norm + "norm.running_mean"], t[norm + "norm.running_var"])
        x = F.relu(x * t[norm + "gain"][t["label"]][:, :, None, None] + t[norm + "bias"][t["label"]][:, :, None, None])
        weight = t[f"generator.ups.{i}.weight"]
        stride = weight.shape[3] // 6
        x = F.conv_transpose2d(x, weight, t.get(f"generator.ups.{i}.bias"), (1, stride), (0, (weight.shape[3] - stride) // 2))
    made = torch.tanh(F.conv2d(x, t["generator.filter.weight"], padding=(0, 31)))
    x = t["x"]
    for i in layers(t, "discriminator.downs"):
        weight = t[f"discriminator.downs.{i}.weight"]
        stride = weight.shape[3] // 6
        x = F.leaky_relu(F.conv2d(x, weight, t[f"discriminator.downs.{i}.bias"], (1, stride), (0, (weight.shape[3] - stride) // 2)), 0.2)
    write(out, {"made": made.numpy(), "scores": scores(t, x.flatten(1), t["discriminator.head.classes.table"][t["label"]]).numpy()})


def mocogan(path, out):
    import torch
    import torch.nn.functional as F
    t = {name: torch.from_numpy(value.copy()) for name, value in read(path).items()}
    path_size, motion = t["generator.path.weight_hh_l0"].shape[1], t["generator.path.weight_ih_l0"].shape[1]
    content = t["generator.image.project.weight"].shape[1] - path_size
    n, frames = len(t["z"]), (t["z"].shape[1] - content) // motion
    gru = torch.nn.GRU(motion, path_size, batch_first=True)
    gru.load_state_dict({name.split(".")[2]: value for name, value in t.items() if name.startswith("generator.path.")})
    with torch.no_grad():
        places, _ = gru(t["z"][:, content:].reshape(n, frames, motion))
    z = torch.cat([t["z"][:, None, :content].expand(n, frames, content), places], 2).flatten(0, 1)
    label = t["label"].repeat_interleave(frames)
    x = (z @ t["generator.image.project.weight"].T).reshape(len(z), -1, 4, 4)
    for i in range(sum(name.startswith("generator.image.ups.") and name.endswith("weight") for name in t)):
        norm = f"generator.image.norms.{i}.conditional."
        x = F.batch_norm(x, t[norm + "norm.running_mean"], t[norm + "norm.running_var"])
        x = F.relu(x * t[norm + "gain"][label][:, :, None, None] + t[norm + "bias"][label][:, :, None, None])
        x = F.conv_transpose2d(x, t[f"generator.image.ups.{i}.weight"], t.get(f"generator.image.ups.{i}.bias"), 2, 1)
    made = torch.tanh(x).reshape(n, -1, *x.shape[2:])

    def judge(x, name, label, convolve):
        i = 0
        while f"{name}downs.{i}.weight" in t:
            x = F.leaky_relu(convolve(x, t[f"{name}downs.{i}.weight"], t[f"{name}downs.{i}.bias"]), 0.2)
            i += 1
        x = x.flatten(1)
        along = t[name + "head.classes.table"][label]
        return F.linear(x, t[name + "head.score.weight"], t[name + "head.score.bias"])[:, 0] + (along * x).sum(1)

    clips = t["x"].reshape(n, frames, -1, *t["x"].shape[2:])
    whole = judge(clips.transpose(1, 2), "discriminator.", t["label"],
                  lambda x, w, b: F.conv3d(x, w, b, (2 if w.shape[2] == 4 else 1, 2, 2), 1))
    single = judge(clips.flatten(0, 1), "discriminator.image.", label, lambda x, w, b: F.conv2d(x, w, b, 2, 1)).reshape(n, frames)
    write(out, {"made": made.numpy(), "scores": whole.numpy(), "frames": single.numpy()})


def text(path, out):
    import torch
    import torch.nn.functional as F
    t = {name: torch.from_numpy(value.copy()) for name, value in read(path).items()}

    def sentences(player):
        s = F.normalize(t["text"])
        s = (s - t[player + ".sentences.mean"]) @ t[player + ".sentences.whitening"].T
        return s * 2 / s.norm(dim=1, keepdim=True).clamp(min=2)

    s = sentences("generator")
    x = (t["z"] @ t["generator.project.weight"].T).reshape(len(t["z"]), -1, 4, 4)
    for i in layers(t, "generator.ups"):
        norm = f"generator.norms.{i}.sentence."
        x = F.batch_norm(x, t[norm + "norm.running_mean"], t[norm + "norm.running_var"])
        gain, bias = (F.linear(s, t[norm + name + ".table"], t[norm + name + ".bias"])[:, :, None, None] for name in ("gain", "bias"))
        x = F.conv_transpose2d(F.relu(x * (gain + 1) + bias), t[f"generator.ups.{i}.weight"], t.get(f"generator.ups.{i}.bias"), 2, 1)
    made = torch.tanh(x)
    x = t["x"]
    for i in layers(t, "discriminator.downs"):
        x = F.leaky_relu(F.conv2d(x, t[f"discriminator.downs.{i}.weight"], t[f"discriminator.downs.{i}.bias"], 2, 1), 0.2)
    along = F.linear(sentences("discriminator"), t["discriminator.head.sentences.table"], t["discriminator.head.sentences.bias"])
    write(out, {"made": made.numpy(), "scores": scores(t, x.flatten(1), along).numpy()})


if sys.argv[1] == "read":
    for key, value in read(sys.argv[2]).items():
        print(key, value.dtype, list(value.shape), f"{value.astype(np.float64).sum():.6g}")
else:
    {"network": network, "wavegan": wavegan, "mocogan": mocogan, "text": text}[sys.argv[1]](*sys.argv[2:])
