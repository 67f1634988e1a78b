"""A training task's step in PyTorch: reads a number of steps a line, answers with their seconds.

    training.py THREADS dcgan|wgan_gp|stylegan2|pix2pix|cyclegan

Needs PyTorch for the system's Python (Debian: apt-get install python3-torch). Debian 12's is older than TorchSharp's libtorch; newer Debians' are not.
"""
import copy
import importlib
import sys
import time

import torch

from common import Metrics, learn, parts


class Trainer:
    """What the three GANs have in common; `gan` is one of the modules beside this."""

    def __init__(self, gan):
        self.gan, self.metrics = gan, Metrics()
        self.generator, self.discriminator = gan.Generator(), gan.Discriminator()
        self.average = copy.deepcopy(self.generator).eval().requires_grad_(False)
        self.weights = list(zip(self.average.state_dict().values(), self.generator.state_dict().values()))
        self.generator_optimizer = torch.optim.Adam(self.generator.parameters(), gan.LEARNING_RATE, gan.BETAS)
        self.discriminator_optimizer = torch.optim.Adam(self.discriminator.parameters(), gan.LEARNING_RATE, gan.BETAS)
        self.step_count = 0

    def count(self):
        return [parts([self.generator]), parts([self.discriminator])]

    def step(self, batches):
        self.schedule()
        for i, pixels in enumerate(batches):
            draw = self.step_count * len(batches) + i
            real = pixels.float().div(127.5).sub(1)
            # The generator learns from the fakes of the last.
            with torch.set_grad_enabled(i == len(batches) - 1):
                fake = self.generator(torch.randn(self.gan.BATCH, self.gan.LATENT))
            self.train_discriminator(draw, real, fake.detach())
        self.train_generator(fake)
        self.update_average()
        self.step_count += 1

    def train_discriminator(self, draw, real, fake):
        real_scores, fake_scores = self.discriminator(real), self.discriminator(fake)
        loss = self.gan.discriminator_loss(real_scores, fake_scores)
        penalty = self.gan.discriminator_penalty(self.discriminator, real, fake, draw)
        norm = learn(self.discriminator, self.discriminator_optimizer, loss if penalty is None else loss + penalty, draw)

        self.metrics.add("discriminator loss", loss)
        self.metrics.add("penalty", penalty)
        self.metrics.add("discriminator norm", norm)
        for name, scores in ("real", real_scores.detach()), ("fake", fake_scores.detach()):
            self.metrics.add(name + " probability", scores.sigmoid().mean())
            if not self.gan.LOGITS:
                self.metrics.add(name + " score", scores.mean())

    def train_generator(self, fake):
        self.discriminator.requires_grad_(False)
        loss = self.gan.generator_loss(self.discriminator(fake))
        penalty = self.gan.generator_penalty(self.generator, self.step_count)
        norm = learn(self.generator, self.generator_optimizer, loss if penalty is None else loss + penalty, self.step_count)
        self.discriminator.requires_grad_(True)

        self.metrics.add("generator loss", loss)
        self.metrics.add("path length", penalty)
        self.metrics.add("generator norm", norm)

    def schedule(self):
        rate = self.gan.LEARNING_RATE * self.gan.rate_part(self.step_count)
        for optimizer in self.generator_optimizer, self.discriminator_optimizer:
            for group in optimizer.param_groups:
                group["lr"] = rate

    @torch.no_grad()
    def update_average(self):
        for mine, theirs in self.weights:
            if mine.is_floating_point():
                mine.lerp_(theirs, 0.001)
            else:
                mine.copy_(theirs)


def main():
    torch.set_num_threads(int(sys.argv[1]))
    gan = importlib.import_module(sys.argv[2])
    pairs = hasattr(gan, "Trainer")
    trainer = gan.Trainer(1 << 30) if pairs else Trainer(gan)
    shape = (gan.BATCH, gan.CHANNELS, gan.SIZE, gan.SIZE) if pairs else (gan.BATCH, 1, 32, 32)
    pixels = torch.randint(0, 256, shape, dtype=torch.uint8)
    print(torch.__version__, gan.BATCH, *trainer.count(), flush=True)
    for line in sys.stdin:
        start = time.perf_counter()
        for _ in range(int(line)):
            if pairs:
                trainer.step(pixels, pixels.flip(0))
            else:
                trainer.step([pixels] * gan.DISCRIMINATOR_STEPS)
        print(time.perf_counter() - start, flush=True)


main()
