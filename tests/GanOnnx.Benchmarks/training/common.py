"""What the trainers have in common."""
import torch

NORM_INTERVAL = 8


class Metrics:
    """Sums of a step's figures, read when they are logged."""

    def __init__(self):
        self.sums = {}

    def add(self, name, value):
        if value is not None:
            self.sums[name] = self.sums.get(name, 0) + value.detach()


def learn(network, optimizer, loss, step):
    network.zero_grad(set_to_none=True)
    loss.backward()
    norm = None
    if step % NORM_INTERVAL == 0:
        norm = torch.stack([p.grad.norm() for p in network.parameters() if p.grad is not None]).norm()
    optimizer.step()
    return norm


def parts(networks):
    return sum(p.numel() for network in networks for p in network.parameters())


def pixels_to_values(pixels):
    return pixels.float().div(127.5).sub(1)


@torch.no_grad()
def follow(average, network, batch, half_life, seen):
    """The moving average of Karras et al. 2020, whose half-life is a twentieth of what was seen at most."""
    rate = 1 - 0.5 ** (batch / max(min(half_life, 0.05 * seen), 1e-8))
    for mine, theirs in zip(average.state_dict().values(), network.state_dict().values()):
        if mine.is_floating_point():
            mine.lerp_(theirs, rate)
        else:
            mine.copy_(theirs)
