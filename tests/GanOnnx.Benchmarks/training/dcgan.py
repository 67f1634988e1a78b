"""The preset dcgan."""
from torch import nn
from torch.nn.functional import softplus

BATCH, LATENT, WIDTH, DISCRIMINATOR_STEPS = 64, 100, 64, 1
LEARNING_RATE, BETAS, LOGITS = 2e-4, (0.5, 0.999), True


def up(inputs, outputs):
    return [nn.ConvTranspose2d(inputs, outputs, 4, 2, 1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU()]


def down(inputs, outputs):
    return [nn.Conv2d(inputs, outputs, 4, 2, 1, bias=False), nn.BatchNorm2d(outputs), nn.LeakyReLU(0.2)]


class Generator(nn.Sequential):
    def __init__(self, width=WIDTH):
        super().__init__(
            nn.Linear(LATENT, 4 * width * 16, bias=False), nn.Unflatten(1, (4 * width, 4, 4)), nn.BatchNorm2d(4 * width), nn.ReLU(),
            *up(4 * width, 2 * width), *up(2 * width, width), nn.ConvTranspose2d(width, 1, 4, 2, 1), nn.Tanh())


class Discriminator(nn.Sequential):
    def __init__(self):
        super().__init__(
            nn.Conv2d(1, WIDTH, 4, 2, 1), nn.LeakyReLU(0.2), *down(WIDTH, 2 * WIDTH), *down(2 * WIDTH, 4 * WIDTH),
            nn.Flatten(), nn.Linear(4 * WIDTH * 16, 1), nn.Flatten(0))


def rate_part(step):
    return 1


def discriminator_loss(real, fake):
    return softplus(-real).mean() + softplus(fake).mean()


def generator_loss(fake):
    return softplus(-fake).mean()


def discriminator_penalty(discriminator, real, fake, step):
    return None


def generator_penalty(generator, step):
    return None
