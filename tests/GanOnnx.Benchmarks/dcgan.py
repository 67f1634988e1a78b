"""The training step of GanTrainer in PyTorch: reads a number of steps a line, answers with their seconds.

Needs Debian's python3-torch (apt-get install python3-torch), which is the same libtorch as the portable packages'.
"""
import copy
import sys
import time

import torch
from torch import nn
from torch.nn.functional import softplus

BATCH, LATENT, WIDTH = 64, 100, 64

torch.set_num_threads(int(sys.argv[1]))


def up(inputs, outputs):
    return [nn.ConvTranspose2d(inputs, outputs, 4, 2, 1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU()]


def down(inputs, outputs):
    return [nn.Conv2d(inputs, outputs, 4, 2, 1, bias=False), nn.BatchNorm2d(outputs), nn.LeakyReLU(0.2)]


generator = nn.Sequential(
    nn.Linear(LATENT, 4 * WIDTH * 16, bias=False), nn.Unflatten(1, (4 * WIDTH, 4, 4)), nn.BatchNorm2d(4 * WIDTH), nn.ReLU(),
    *up(4 * WIDTH, 2 * WIDTH), *up(2 * WIDTH, WIDTH), nn.ConvTranspose2d(WIDTH, 1, 4, 2, 1), nn.Tanh())
discriminator = nn.Sequential(
    nn.Conv2d(1, WIDTH, 4, 2, 1), nn.LeakyReLU(0.2), *down(WIDTH, 2 * WIDTH), *down(2 * WIDTH, 4 * WIDTH),
    nn.Flatten(), nn.Linear(4 * WIDTH * 16, 1), nn.Flatten(0))
average = copy.deepcopy(generator).eval()
generator_optimizer = torch.optim.Adam(generator.parameters(), 2e-4, (0.5, 0.999))
discriminator_optimizer = torch.optim.Adam(discriminator.parameters(), 2e-4, (0.5, 0.999))
pixels = torch.randint(0, 256, (BATCH, 1, 32, 32), dtype=torch.uint8)


def step():
    real = pixels.float().div(127.5).sub(1)
    fake = generator(torch.randn(BATCH, LATENT))

    discriminator.zero_grad(set_to_none=True)
    real_scores, fake_scores = discriminator(real), discriminator(fake.detach())
    (softplus(-real_scores).mean() + softplus(fake_scores).mean()).backward()
    discriminator_optimizer.step()

    generator.zero_grad(set_to_none=True)
    discriminator.requires_grad_(False)
    softplus(-discriminator(fake)).mean().backward()
    discriminator.requires_grad_(True)
    generator_optimizer.step()

    with torch.no_grad():
        for mine, theirs in zip(average.state_dict().values(), generator.state_dict().values()):
            if mine.dtype == torch.float32:
                mine.lerp_(theirs, 0.001)
            else:
                mine.copy_(theirs)
        real_scores.sigmoid().mean(), fake_scores.sigmoid().mean()


print(torch.__version__, flush=True)
for line in sys.stdin:
    start = time.perf_counter()
    for _ in range(int(line)):
        step()
    print(time.perf_counter() - start, flush=True)
