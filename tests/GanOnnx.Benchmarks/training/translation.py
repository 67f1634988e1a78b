"""Trains pix2pix or cyclegan on the images that the benchmark decoded, and translates those that were held out.

    translation.py THREADS pix2pix|cyclegan STEPS SEED FOLDER

FOLDER has trainA.u8, trainB.u8, testA.u8 and testB.u8, uint8 [N, 3, 64, 64], and gets AtoB.u8; of cyclegan BtoA.u8, cycleA.u8 … too.
"""
import importlib
import pathlib
import random
import sys

import torch


def read(path, gan):
    return torch.frombuffer(bytearray(path.read_bytes()), dtype=torch.uint8).reshape(-1, gan.CHANNELS, gan.SIZE, gan.SIZE)


def order(count):
    while True:
        yield from torch.randperm(count).tolist()


def main():
    threads, name, steps, seed, folder = int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), pathlib.Path(sys.argv[5])
    torch.set_num_threads(threads)
    torch.manual_seed(seed)
    random.seed(seed)
    gan = importlib.import_module(name)
    trainer, a, b = gan.Trainer(steps), read(folder / "trainA.u8", gan), read(folder / "trainB.u8", gan)
    first, second = order(len(a)), order(len(b))
    for _ in range(steps):
        chosen = [next(first) for _ in range(gan.BATCH)]
        others = chosen if name == "pix2pix" else [next(second) for _ in range(gan.BATCH)]
        inputs, targets = a[chosen].clone(), b[others].clone()
        for i in range(gan.BATCH):
            if random.random() < 0.5:
                inputs[i], targets[i] = inputs[i].flip(2), targets[i].flip(2)
        trainer.step(inputs, targets)
    write = lambda name, made: (folder / f"{name}.u8").write_bytes(made.numpy().tobytes())
    held = {side: read(folder / f"test{side}.u8", gan) for side in "AB"}
    made = {}
    for direction, network in trainer.translators().items():
        made[direction] = translate(network, held[direction[0]])
        write(direction, made[direction])
    if name == "cyclegan":
        there, back = trainer.translators().values()
        write("cycleA", translate(back, made["AtoB"]))
        write("cycleB", translate(there, made["BtoA"]))
        write("identityB", translate(there, held["B"]))
        write("identityA", translate(back, held["A"]))


@torch.no_grad()
def translate(network, images):
    made = torch.cat([network(image) for image in images.float().div(127.5).sub(1).split(1)])
    return made.clamp(-1, 1).add(1).mul(127.5).round().to(torch.uint8)


main()
