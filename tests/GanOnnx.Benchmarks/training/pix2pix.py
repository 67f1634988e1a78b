"""The preset pix2pix: a U-Net from images to their targets, a discriminator of patches of 70 × 70 that sees both."""
import copy

import torch
from torch import nn
from torch.nn.functional import leaky_relu, relu, softplus

from common import Metrics, follow, learn, parts, pixels_to_values

BATCH, SIZE, CHANNELS, WIDTH, DISCRIMINATOR_STEPS = 4, 64, 3, 32, 1
LEARNING_RATE, BETAS, PIXEL_WEIGHT, HALF_LIFE = 2e-4, (0.5, 0.999), 100, 1000
LEVELS, DROPPED = 6, 3


def first_weights(module):
    if isinstance(module, (nn.Conv2d, nn.ConvTranspose2d)):
        nn.init.normal_(module.weight, 0, 0.02)
        if module.bias is not None:
            nn.init.zeros_(module.bias)
    elif isinstance(module, nn.BatchNorm2d):
        nn.init.normal_(module.weight, 1, 0.02)
        nn.init.zeros_(module.bias)


class Generator(nn.Module):
    def __init__(self):
        super().__init__()
        at = lambda level: CHANNELS if level == 0 else WIDTH * min(2 ** (level - 1), 8)
        self.downs, self.down_norms = nn.ModuleList(), nn.ModuleList()
        self.ups, self.up_norms, self.dropout = nn.ModuleList(), nn.ModuleList(), nn.Dropout(0.5)
        for level in range(1, LEVELS + 1):
            norm = 1 < level < LEVELS
            self.downs.append(nn.Conv2d(at(level - 1), at(level), 4, 2, 1, bias=not norm))
            if norm:
                self.down_norms.append(nn.BatchNorm2d(at(level)))
        for level in range(LEVELS, 0, -1):
            inputs = at(level) if level == LEVELS else 2 * at(level)
            self.ups.append(nn.ConvTranspose2d(inputs, at(level - 1), 4, 2, 1, bias=level == 1))
            if level > 1:
                self.up_norms.append(nn.BatchNorm2d(at(level - 1)))
        self.apply(first_weights)

    def forward(self, x):
        seen = []
        for i, down in enumerate(self.downs):
            x = down(x if i == 0 else leaky_relu(x, 0.2))
            if 0 < i < LEVELS - 1:
                x = self.down_norms[i - 1](x)
            seen.append(x)
        for i, up in enumerate(self.ups):
            if i > 0:
                x = torch.cat([x, seen[-(i + 1)]], 1)
            x = up(relu(x))
            if i < len(self.up_norms):
                x = self.up_norms[i](x)
                if i < DROPPED:
                    x = self.dropout(x)
        return x.tanh()


class Discriminator(nn.Sequential):
    def __init__(self, inputs=2 * CHANNELS, instance=False):
        layers = [nn.Conv2d(inputs, WIDTH, 4, 2, 1), nn.LeakyReLU(0.2)]
        for i in 1, 2, 3:
            norm = nn.InstanceNorm2d if instance else nn.BatchNorm2d
            layers += [nn.Conv2d(WIDTH * 2 ** (i - 1), WIDTH * 2 ** i, 4, 2 if i < 3 else 1, 1, bias=instance),
                       norm(WIDTH * 2 ** i), nn.LeakyReLU(0.2)]
        super().__init__(*layers, nn.Conv2d(8 * WIDTH, 1, 4, 1, 1))
        self.apply(first_weights)


class Trainer:
    def __init__(self, steps):
        self.generator, self.discriminator, self.metrics = Generator(), Discriminator(), Metrics()
        self.average = copy.deepcopy(self.generator).eval().requires_grad_(False)
        self.generator_optimizer = torch.optim.Adam(self.generator.parameters(), LEARNING_RATE, BETAS)
        self.discriminator_optimizer = torch.optim.Adam(self.discriminator.parameters(), LEARNING_RATE, BETAS)
        self.step_count = 0

    def count(self):
        return [parts([self.generator]), parts([self.discriminator])]

    def step(self, inputs, targets):
        inputs, targets = pixels_to_values(inputs), pixels_to_values(targets)
        made = self.generator(inputs)
        scores = lambda images: self.discriminator(torch.cat([inputs, images], 1))
        real, fake = scores(targets), scores(made.detach())
        loss = softplus(-real).mean() + softplus(fake).mean()
        self.metrics.add("discriminator norm", learn(self.discriminator, self.discriminator_optimizer, loss, self.step_count))
        self.metrics.add("discriminator loss", loss)
        self.metrics.add("real", real.detach().sigmoid().mean())
        self.metrics.add("fake", fake.detach().sigmoid().mean())

        self.discriminator.requires_grad_(False)
        loss, difference = softplus(-scores(made)).mean(), (made - targets).abs().mean()
        norm = learn(self.generator, self.generator_optimizer, loss + PIXEL_WEIGHT * difference, self.step_count)
        self.discriminator.requires_grad_(True)
        self.metrics.add("generator norm", norm)
        self.metrics.add("generator loss", loss)
        self.metrics.add("difference", difference)
        follow(self.average, self.generator, BATCH, HALF_LIFE, self.step_count * BATCH)
        self.step_count += 1

    def translators(self):
        return {"AtoB": self.average}
