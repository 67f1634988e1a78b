"""Exports the networks of ExportedNetworks.cs with PyTorch, as anyone would: name, weights (safetensors), file to write.

Needs Debian's python3-torch (apt-get install python3-torch).
"""
import json
import struct
import sys
from collections import OrderedDict

import torch
from torch import nn


def named(**layers):
    return nn.Sequential(OrderedDict(layers))


class Reshape(nn.Module):
    """PyTorch 1.13's exporter doesn't know Unflatten."""

    def forward(self, x):
        return x.view(-1, 256, 4, 4)


def dcgan():
    layers = OrderedDict(project=nn.Linear(100, 4096, bias=False), reshape=Reshape(), norm4=nn.BatchNorm2d(256), relu4=nn.ReLU())
    for size, inputs in ((8, 256), (16, 128)):
        layers[f"up{size}"] = nn.ConvTranspose2d(inputs, inputs // 2, 4, 2, 1, bias=False)
        layers[f"norm{size}"] = nn.BatchNorm2d(inputs // 2)
        layers[f"relu{size}"] = nn.ReLU()
    layers.update(up32=nn.ConvTranspose2d(64, 1, 4, 2, 1), tanh=nn.Tanh())
    return nn.Sequential(layers), (100,)


class UpBlock(nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        self.norm1, self.norm2 = nn.BatchNorm2d(inputs), nn.BatchNorm2d(outputs)
        self.conv1 = nn.Conv2d(inputs, outputs, 3, padding=1)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, padding=1)
        self.skip = nn.Conv2d(inputs, outputs, 1)
        self.up = nn.Upsample(scale_factor=2)

    def forward(self, x):
        main = self.conv1(self.up(self.norm1(x).relu()))
        return self.conv2(self.norm2(main).relu()) + self.skip(self.up(x))


def resnet():
    return named(project=nn.Linear(128, 4096), reshape=Reshape(),
                 up8=UpBlock(256, 256), up16=UpBlock(256, 128), up32=UpBlock(128, 64), up64=UpBlock(64, 32),
                 norm=nn.BatchNorm2d(32), relu=nn.ReLU(), rgb=nn.Conv2d(32, 3, 3, padding=1), tanh=nn.Tanh()), (128,)


class UNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.down32 = nn.Conv2d(3, 32, 4, 2, 1)
        self.down16, self.down8, self.down4, self.down2 = (self.down(*c) for c in ((32, 64), (64, 128), (128, 256), (256, 256)))
        self.up4, self.up8, self.up16, self.up32 = (self.up(*c) for c in ((256, 256), (512, 128), (256, 64), (128, 32)))
        self.up64 = nn.ConvTranspose2d(64, 3, 4, 2, 1)

    @staticmethod
    def down(inputs, outputs):
        return named(act=nn.LeakyReLU(0.2), conv=nn.Conv2d(inputs, outputs, 4, 2, 1, bias=False), norm=nn.BatchNorm2d(outputs))

    @staticmethod
    def up(inputs, outputs):
        return named(act=nn.ReLU(), conv=nn.ConvTranspose2d(inputs, outputs, 4, 2, 1, bias=False), norm=nn.BatchNorm2d(outputs))

    def forward(self, x):
        x32 = self.down32(x)
        x16 = self.down16(x32)
        x8 = self.down8(x16)
        x4 = self.down4(x8)
        x = self.up4(self.down2(x4))
        x = self.up8(torch.cat([x, x4], 1))
        x = self.up16(torch.cat([x, x8], 1))
        x = self.up32(torch.cat([x, x16], 1))
        return self.up64(torch.cat([x, x32], 1).relu()).tanh()


def unet():
    return UNet(), (3, 64, 64)


def espcn():
    return named(conv1=nn.Conv2d(3, 64, 5, padding=2), relu1=nn.ReLU(), conv2=nn.Conv2d(64, 32, 3, padding=1), relu2=nn.ReLU(),
                 conv3=nn.Conv2d(32, 48, 3, padding=1), shuffle=nn.PixelShuffle(4), sigmoid=nn.Sigmoid()), (3, 64, 64)


def read(path):
    types = {"F32": torch.float32, "I64": torch.int64}
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        data = bytearray(file.read())
    header.pop("__metadata__", None)
    return {
        # The fields of the C# classes begin with an underscore.
        name.replace("._", ".").removeprefix("_"):
            torch.frombuffer(data[slice(*entry["data_offsets"])], dtype=types[entry["dtype"]]).reshape(entry["shape"])
        for name, entry in header.items()}


name, weights, path = sys.argv[1:]
network, shape = globals()[name]()
network.load_state_dict(read(weights))
network.eval()
torch.onnx.export(network, torch.zeros(1, *shape), path, opset_version=17, input_names=["input"], output_names=["output"],
                  dynamic_axes={"input": {0: "N"}, "output": {0: "N"}})
print(torch.__version__)
