"""The preset wgan-gp: residual networks, five critic steps, a gradient penalty."""
import torch
from torch import nn
from torch.nn.functional import avg_pool2d, interpolate, relu

BATCH, LATENT, WIDTH, DISCRIMINATOR_STEPS = 32, 128, 24, 5
LEARNING_RATE, BETAS, LOGITS = 2e-4, (0, 0.9), False
IMAGES, WEIGHT = 480_000, 10


class UpBlock(nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        self.norm1, self.conv1 = nn.BatchNorm2d(inputs), nn.Conv2d(inputs, outputs, 3, padding=1)
        self.norm2, self.conv2 = nn.BatchNorm2d(outputs), nn.Conv2d(outputs, outputs, 3, padding=1)
        self.skip = nn.Conv2d(inputs, outputs, 1)

    def forward(self, x):
        y = self.conv1(interpolate(relu(self.norm1(x)), scale_factor=2))
        y = self.conv2(relu(self.norm2(y)))
        return y + interpolate(self.skip(x), scale_factor=2)


class Generator(nn.Module):
    def __init__(self):
        super().__init__()
        self.project = nn.Linear(LATENT, 4 * WIDTH * 16)
        self.blocks = nn.Sequential(UpBlock(4 * WIDTH, 4 * WIDTH), UpBlock(4 * WIDTH, 2 * WIDTH), UpBlock(2 * WIDTH, WIDTH))
        self.norm = nn.BatchNorm2d(WIDTH)
        self.pixels = nn.Conv2d(WIDTH, 1, 3, padding=1)

    def forward(self, z):
        x = self.blocks(self.project(z).view(-1, 4 * WIDTH, 4, 4))
        return self.pixels(relu(self.norm(x))).tanh()


class DownBlock(nn.Module):
    def __init__(self, inputs, outputs, down=True, first=False):
        super().__init__()
        self.down, self.first = down, first
        self.conv1, self.conv2 = nn.Conv2d(inputs, outputs, 3, padding=1), nn.Conv2d(outputs, outputs, 3, padding=1)
        self.skip = nn.Conv2d(inputs, outputs, 1) if down or inputs != outputs else nn.Identity()

    def forward(self, x):
        y = self.conv2(relu(self.conv1(x if self.first else relu(x))))
        return avg_pool2d(y, 2) + self.skip(avg_pool2d(x, 2)) if self.down else y + self.skip(x)


class Discriminator(nn.Module):
    def __init__(self):
        super().__init__()
        self.blocks = nn.Sequential(
            DownBlock(1, 2 * WIDTH, first=True), DownBlock(2 * WIDTH, 4 * WIDTH), DownBlock(4 * WIDTH, 4 * WIDTH, down=False))
        self.score = nn.Linear(4 * WIDTH, 1)

    def forward(self, images):
        return self.score(relu(self.blocks(images)).mean((2, 3))).squeeze(1)


def rate_part(step):
    return 1 - step * BATCH * DISCRIMINATOR_STEPS / IMAGES


def discriminator_loss(real, fake):
    return fake.mean() - real.mean()


def generator_loss(fake):
    return -fake.mean()


def discriminator_penalty(discriminator, real, fake, step):
    images = torch.lerp(fake, real, torch.rand(BATCH, 1, 1, 1)).requires_grad_()
    gradient, = torch.autograd.grad(discriminator(images).sum(), images, create_graph=True)
    return WEIGHT * (gradient.flatten(1).norm(dim=1) - 1).square().mean()


def generator_penalty(generator, step):
    return None
