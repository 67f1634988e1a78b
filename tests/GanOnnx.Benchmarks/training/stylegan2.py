"""The preset stylegan2: mixing, noise, R1 every 16th step, path length every 8th."""
import math

import torch
from torch import nn
from torch.nn.functional import conv2d, conv_transpose2d, interpolate, leaky_relu, linear

from dcgan import discriminator_loss, generator_loss, rate_part

BATCH, LATENT, WIDTH, SIZE, DISCRIMINATOR_STEPS = 16, 64, 16, 32, 1
LEARNING_RATE, BETAS, LOGITS = 2.5e-3, (0.0, 0.99), True
MAPPING_LAYERS, MAPPING_RATE, MIXING, MEAN_DECAY = 4, 0.01, 0.9, 0.995
R1, R1_INTERVAL, PATH_LENGTH, PATH_INTERVAL = 1, 16, 2, 8


def channels(size):
    return WIDTH * min(SIZE // size, 8)


def activate(x):
    return leaky_relu(x, 0.2) * math.sqrt(2)


class EqualLinear(nn.Module):
    def __init__(self, inputs, outputs, rate=1.0, bias=0.0):
        super().__init__()
        self.rate, self.scale = rate, rate / math.sqrt(inputs)
        self.weight = nn.Parameter(torch.randn(outputs, inputs) / rate)
        self.bias = nn.Parameter(torch.full([outputs], bias / rate))

    def forward(self, x):
        return linear(x, self.weight * self.scale, self.bias if self.rate == 1 else self.bias * self.rate)


class EqualConv2d(nn.Module):
    def __init__(self, inputs, outputs, kernel, stride=1, padding=0, bias=True):
        super().__init__()
        self.stride, self.padding, self.scale = stride, padding, 1 / math.sqrt(inputs * kernel ** 2)
        self.weight = nn.Parameter(torch.randn(outputs, inputs, kernel, kernel))
        self.bias = nn.Parameter(torch.zeros(outputs)) if bias else None

    def forward(self, x):
        return conv2d(x, self.weight * self.scale, self.bias, self.stride, self.padding)


class Blur(nn.Module):
    def __init__(self, channels, stride, padding, gain=1):
        super().__init__()
        self.channels, self.stride, self.padding = channels, stride, padding
        row = torch.tensor([1.0, 3, 3, 1])
        self.register_buffer("kernel", (row.outer(row) * (gain / 64)).repeat(channels, 1, 1, 1))

    def forward(self, x):
        return conv2d(x, self.kernel, stride=self.stride, padding=self.padding, groups=self.channels)


class ModulatedConv2d(nn.Module):
    """Scales what goes in and what comes out, which on a CPU is faster than a convolution with a group for each image."""

    def __init__(self, inputs, outputs, kernel, demodulate=True, up=False):
        super().__init__()
        self.padding, self.demodulate, self.up, self.scale = kernel // 2, demodulate, up, 1 / math.sqrt(inputs * kernel ** 2)
        self.weight = nn.Parameter(torch.randn(*((inputs, outputs) if up else (outputs, inputs)), kernel, kernel))
        self.affine = EqualLinear(LATENT, inputs, bias=1.0)
        self.blur = Blur(outputs, stride=1, padding=1, gain=4) if up else None

    def forward(self, x, style):
        scales, weight = self.affine(style), self.weight * self.scale
        x = x * scales[:, :, None, None]
        x = self.blur(conv_transpose2d(x, weight, stride=2)) if self.up else conv2d(x, weight, padding=self.padding)
        if not self.demodulate:
            return x
        energy = weight.square().sum((2, 3))
        if not self.up:
            energy = energy.t()
        return x * (scales.square() @ energy + 1e-8).rsqrt()[:, :, None, None]


class StyledLayer(nn.Module):
    def __init__(self, inputs, outputs, size, up=False):
        super().__init__()
        self.conv = ModulatedConv2d(inputs, outputs, 3, up=up)
        self.bias = nn.Parameter(torch.zeros(outputs, 1, 1))
        self.strength = nn.Parameter(torch.zeros(1))
        self.register_buffer("noise", torch.randn(1, 1, size, size))

    def forward(self, x, style):
        x = self.conv(x, style)
        noise = torch.randn(x.shape[0], 1, *x.shape[2:]) if self.training else self.noise
        return activate(x + noise * self.strength + self.bias)


class ImageLayer(nn.Module):
    def __init__(self, inputs):
        super().__init__()
        self.conv = ModulatedConv2d(inputs, 1, 1, demodulate=False)
        self.bias = nn.Parameter(torch.zeros(1, 1, 1))

    def forward(self, image, x, style):
        colours = self.conv(x, style) + self.bias
        return colours if image is None else interpolate(image, scale_factor=2, mode="bilinear") + colours


class Generator(nn.Module):
    def __init__(self):
        super().__init__()
        self.mapping = nn.ModuleList(EqualLinear(LATENT, LATENT, MAPPING_RATE) for _ in range(MAPPING_LAYERS))
        self.register_buffer("mean", torch.zeros(LATENT))
        self.first = nn.Parameter(torch.randn(1, channels(4), 4, 4))
        self.layers, self.images = nn.ModuleList(), nn.ModuleList()
        size = 4
        while size <= SIZE:
            if size > 4:
                self.layers.append(StyledLayer(channels(size // 2), channels(size), size, up=True))
            self.layers.append(StyledLayer(channels(size), channels(size), size))
            self.images.append(ImageLayer(channels(size)))
            size *= 2

    def styles(self, z):
        x = z * (z.square().mean(1, keepdim=True) + 1e-8).rsqrt()
        for layer in self.mapping:
            x = activate(layer(x))
        return x

    def forward(self, z):
        style = self.styles(z)
        with torch.no_grad():
            self.mean.lerp_(style.mean(0), 1 - MEAN_DECAY)
        mixed, n, layers = self.styles(torch.randn_like(z)), z.shape[0], len(self.layers)
        crossing = torch.randint(1, layers, [n]).masked_fill(torch.rand(n) >= MIXING, layers)
        own = torch.arange(layers) < crossing[:, None]
        return self.synthesize(torch.where(own[:, :, None], style[:, None], mixed[:, None]))

    def synthesize(self, styles):
        x, image, styles = self.first, None, styles.unbind(1)
        for i, layer in enumerate(self.layers):
            x = layer(x, styles[i])
            if i % 2 == 0:
                image = self.images[i // 2](image, x, styles[min(i + 1, len(self.layers) - 1)])
        return image


class DownBlock(nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        self.conv1, self.blur = EqualConv2d(inputs, inputs, 3, padding=1), Blur(inputs, stride=1, padding=2)
        self.conv2 = EqualConv2d(inputs, outputs, 3, stride=2)
        self.blur_skip, self.skip = Blur(inputs, stride=2, padding=1), EqualConv2d(inputs, outputs, 1, bias=False)

    def forward(self, x):
        y = activate(self.conv2(self.blur(activate(self.conv1(x)))))
        return (y + self.skip(self.blur_skip(x))) / math.sqrt(2)


def with_deviation(x, group=4):
    n, c, h, w = x.shape
    deviation = (x.view(group, n // group, c, h, w).var(0, unbiased=False) + 1e-8).sqrt().mean((1, 2, 3), keepdim=True)
    return torch.cat([x, deviation.repeat(group, 1, h, w)], 1)


class Discriminator(nn.Module):
    def __init__(self):
        super().__init__()
        self.pixels = EqualConv2d(1, channels(SIZE), 1)
        sizes = [SIZE >> i for i in range(int(math.log2(SIZE)) - 2)]
        self.blocks = nn.Sequential(*(DownBlock(channels(size), channels(size // 2)) for size in sizes))
        self.last = EqualConv2d(channels(4) + 1, channels(4), 3, padding=1)
        self.features, self.score = EqualLinear(channels(4) * 16, channels(4)), EqualLinear(channels(4), 1)

    def forward(self, images):
        x = self.blocks(activate(self.pixels(images)))
        x = activate(self.last(with_deviation(x)))
        return self.score(activate(self.features(x.flatten(1)))).squeeze(1)


def discriminator_penalty(discriminator, real, fake, step):
    if step % R1_INTERVAL != 0:
        return None
    images = real.detach().requires_grad_()
    gradient, = torch.autograd.grad(discriminator(images).sum(), images, create_graph=True)
    return gradient.square().sum((1, 2, 3)).mean() * (0.5 * R1 * R1_INTERVAL)


mean_length = torch.zeros([])


def generator_penalty(generator, step):
    if step % PATH_INTERVAL != 0:
        return None
    styles = generator.styles(torch.randn(BATCH // 2, LATENT))[:, None].repeat(1, len(generator.layers), 1)
    images = generator.synthesize(styles)
    noise = torch.randn_like(images) / SIZE
    gradient, = torch.autograd.grad((images * noise).sum(), styles, create_graph=True)
    lengths = gradient.square().sum(2).mean(1).sqrt()
    mean_length.lerp_(lengths.detach().mean(), 0.01)
    return (lengths - mean_length).square().mean() * (PATH_LENGTH * PATH_INTERVAL)
