"""The preset cyclegan: two residual generators, two discriminators of patches, what comes back, a history of 50 images."""
import copy
import random

import torch
from torch import nn

from common import Metrics, follow, learn, parts, pixels_to_values
from pix2pix import CHANNELS, SIZE, WIDTH, Discriminator, first_weights

BATCH, DISCRIMINATOR_STEPS, BLOCKS, HISTORY = 1, 1, 6, 50
LEARNING_RATE, BETAS, CYCLE_WEIGHT, IDENTITY_WEIGHT, HALF_LIFE = 2e-4, (0.5, 0.999), 10, 5, 1000


class Block(nn.Sequential):
    def __init__(self, width):
        super().__init__(
            nn.ReflectionPad2d(1), nn.Conv2d(width, width, 3), nn.InstanceNorm2d(width), nn.ReLU(),
            nn.ReflectionPad2d(1), nn.Conv2d(width, width, 3), nn.InstanceNorm2d(width))

    def forward(self, x):
        return x + super().forward(x)


class Generator(nn.Sequential):
    def __init__(self):
        norm = lambda width: [nn.InstanceNorm2d(width), nn.ReLU()]
        super().__init__(
            nn.ReflectionPad2d(3), nn.Conv2d(CHANNELS, WIDTH, 7), *norm(WIDTH),
            nn.Conv2d(WIDTH, 2 * WIDTH, 3, 2, 1), *norm(2 * WIDTH), nn.Conv2d(2 * WIDTH, 4 * WIDTH, 3, 2, 1), *norm(4 * WIDTH),
            *[Block(4 * WIDTH) for _ in range(BLOCKS)],
            nn.ConvTranspose2d(4 * WIDTH, 2 * WIDTH, 3, 2, 1, 1), *norm(2 * WIDTH),
            nn.ConvTranspose2d(2 * WIDTH, WIDTH, 3, 2, 1, 1), *norm(WIDTH),
            nn.ReflectionPad2d(3), nn.Conv2d(WIDTH, CHANNELS, 7), nn.Tanh())
        self.apply(first_weights)


class History:
    """Half of the time an image of before in the place of one that is kept now."""

    def __init__(self):
        self.images = []

    def exchange(self, made):
        shown = []
        for image in made.split(1):
            if len(self.images) < HISTORY:
                self.images.append(image)
                shown.append(image)
            elif random.random() < 0.5:
                place = random.randrange(HISTORY)
                shown.append(self.images[place])
                self.images[place] = image
            else:
                shown.append(image)
        return torch.cat(shown)


class Trainer:
    def __init__(self, steps):
        self.to_b, self.to_a, self.metrics, self.steps = Generator(), Generator(), Metrics(), steps
        self.of_b, self.of_a = Discriminator(CHANNELS, instance=True), Discriminator(CHANNELS, instance=True)
        self.averages = [copy.deepcopy(network).eval().requires_grad_(False) for network in (self.to_b, self.to_a)]
        self.generators = nn.ModuleList([self.to_b, self.to_a])
        self.generator_optimizer = torch.optim.Adam(self.generators.parameters(), LEARNING_RATE, BETAS)
        self.optimizers = [torch.optim.Adam(d.parameters(), LEARNING_RATE, BETAS) for d in (self.of_b, self.of_a)]
        self.histories = [History(), History()]
        self.step_count = 0

    def count(self):
        return [parts([self.to_b, self.to_a]), parts([self.of_b, self.of_a])]

    def step(self, a, b):
        a, b = pixels_to_values(a), pixels_to_values(b)
        half = self.steps / 2
        rate = LEARNING_RATE * min(1, (self.steps - self.step_count) / half)
        for optimizer in [self.generator_optimizer, *self.optimizers]:
            for group in optimizer.param_groups:
                group["lr"] = rate
        made_b, made_a = self.to_b(a), self.to_a(b)
        for discriminator in self.of_b, self.of_a:
            discriminator.requires_grad_(False)
        loss = self.loss("B", self.of_b, self.to_b, self.to_a, a, made_b, b) + self.loss("A", self.of_a, self.to_a, self.to_b, b, made_a, a)
        self.metrics.add("generator norm", learn(self.generators, self.generator_optimizer, loss, self.step_count))
        for discriminator in self.of_b, self.of_a:
            discriminator.requires_grad_(True)
        for i, (discriminator, real, made) in enumerate([(self.of_b, b, made_b), (self.of_a, a, made_a)]):
            scores, fake = discriminator(real), discriminator(self.histories[i].exchange(made.detach()))
            loss = ((scores - 1) ** 2).mean() / 2 + (fake ** 2).mean() / 2
            self.metrics.add(f"discriminator norm {i}", learn(discriminator, self.optimizers[i], loss, self.step_count))
            self.metrics.add(f"discriminator loss {i}", loss)
            self.metrics.add(f"real {i}", scores.detach().mean())
            self.metrics.add(f"fake {i}", fake.detach().mean())
        for average, network in zip(self.averages, (self.to_b, self.to_a)):
            follow(average, network, BATCH, HALF_LIFE, self.step_count * BATCH)
        self.step_count += 1

    def loss(self, name, discriminator, there, back, images, made, real):
        adversarial = ((discriminator(made) - 1) ** 2).mean()
        cycle, identity = (back(made) - images).abs().mean(), (there(real) - real).abs().mean()
        for kind, value in ("generator", adversarial), ("cycle", cycle), ("identity", identity):
            self.metrics.add(f"{kind} {name}", value)
        return adversarial + CYCLE_WEIGHT * cycle + IDENTITY_WEIGHT * identity

    def translators(self):
        return {"AtoB": self.averages[0], "BtoA": self.averages[1]}
