"""The preset wgan-gp: DCGAN's networks without batch normalization in the critic, five critic steps, a gradient penalty."""
import torch
from torch import nn

import dcgan
from dcgan import LATENT, generator_penalty, rate_part

BATCH, WIDTH, DISCRIMINATOR_STEPS = 64, 32, 5
LEARNING_RATE, BETAS, LOGITS = 2e-4, (0.0, 0.9), False
WEIGHT = 10


class Generator(dcgan.Generator):
    def __init__(self):
        super().__init__(WIDTH)


class Discriminator(nn.Sequential):
    def __init__(self):
        super().__init__(
            nn.Conv2d(1, WIDTH, 4, 2, 1), nn.LeakyReLU(0.2), nn.Conv2d(WIDTH, 2 * WIDTH, 4, 2, 1), nn.LeakyReLU(0.2),
            nn.Conv2d(2 * WIDTH, 4 * WIDTH, 4, 2, 1), nn.LeakyReLU(0.2), nn.Flatten(), nn.Linear(4 * WIDTH * 16, 1), nn.Flatten(0))


def discriminator_loss(real, fake):
    return fake.mean() - real.mean()


def generator_loss(fake):
    return -fake.mean()


def discriminator_penalty(discriminator, real, fake, step):
    images = torch.lerp(fake, real, torch.rand(BATCH, 1, 1, 1)).requires_grad_()
    gradient, = torch.autograd.grad(discriminator(images).sum(), images, create_graph=True)
    return WEIGHT * (gradient.flatten(1).norm(dim=1) - 1).square().mean()
