"""The preset wgan-gp: DCGAN's networks without batch normalization in the critic, five critic steps, a gradient penalty."""
import torch
from torch import nn

from dcgan import up

BATCH, LATENT, WIDTH, DISCRIMINATOR_STEPS = 64, 100, 32, 5
LEARNING_RATE, BETAS, LOGITS = 2e-4, (0, 0.9), False
WEIGHT = 10


class Generator(nn.Sequential):
    def __init__(self):
        super().__init__(
            nn.Linear(LATENT, 4 * WIDTH * 16, bias=False), nn.Unflatten(1, (4 * WIDTH, 4, 4)), nn.BatchNorm2d(4 * WIDTH), nn.ReLU(),
            *up(4 * WIDTH, 2 * WIDTH), *up(2 * WIDTH, WIDTH), nn.ConvTranspose2d(WIDTH, 1, 4, 2, 1), nn.Tanh())


class Discriminator(nn.Sequential):
    def __init__(self):
        super().__init__(
            nn.Conv2d(1, WIDTH, 4, 2, 1), nn.LeakyReLU(0.2), nn.Conv2d(WIDTH, 2 * WIDTH, 4, 2, 1), nn.LeakyReLU(0.2),
            nn.Conv2d(2 * WIDTH, 4 * WIDTH, 4, 2, 1), nn.LeakyReLU(0.2), nn.Flatten(), nn.Linear(4 * WIDTH * 16, 1), nn.Flatten(0))


def rate_part(step):
    return 1


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
