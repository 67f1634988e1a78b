"""Prints the rows of PyTorch.cs: what Python's PyTorch (1.13) says for the cases of the loss and regularizer tests."""
import math
import torch
from torch import nn
import torch.nn.functional as F


def wave(*shape, seed=0, scale=1.0):
    n = math.prod(shape)
    return (torch.sin(0.7 * torch.arange(n, dtype=torch.float64) + seed) * scale).float().reshape(shape)


def show(name, *tensors):
    numbers = torch.cat([t.detach().flatten().double() for t in tensors])
    print(f"        {name} | " + " ".join(f"{v + 0.0:.7g}" for v in numbers))


def sums(tensor):
    """What no wrong or misplaced element leaves alone."""
    flat = tensor.detach().double().flatten()
    i = torch.arange(len(flat), dtype=torch.float64)
    return torch.stack([(flat * torch.sin(0.9 * i + 1)).sum(), (flat * torch.cos(1.7 * i)).sum(), flat.sum()])


def gradients(value, inputs):
    return [torch.zeros_like(i) if g is None else g for i, g in zip(inputs, torch.autograd.grad(value, inputs, allow_unused=True))]


# Losses: each with the gradients of both scores.
bce = F.binary_cross_entropy_with_logits
ones, zeros = torch.ones(5), torch.zeros(5)
cases = {
    "non-saturating": (lambda r, f: bce(r, ones) + bce(f, zeros), lambda r, f: bce(f, ones)),
    "non-saturating smoothed": (lambda r, f: bce(r, 0.9 * ones) + bce(f, zeros), lambda r, f: bce(f, ones)),
    "minimax": (lambda r, f: bce(r, ones) + bce(f, zeros), lambda r, f: torch.log(1 - torch.sigmoid(f)).mean()),
    "minimax smoothed": (lambda r, f: bce(r, 0.9 * ones) + bce(f, zeros), lambda r, f: torch.log(1 - torch.sigmoid(f)).mean()),
    "least-squares": (lambda r, f: 0.5 * F.mse_loss(r, ones) + 0.5 * F.mse_loss(f, zeros), lambda r, f: 0.5 * F.mse_loss(f, ones)),
    "wasserstein": (lambda r, f: -(r.mean() - f.mean()), lambda r, f: -f.mean()),
    "hinge": (lambda r, f: -torch.minimum(r - 1, zeros).mean() - torch.minimum(-f - 1, zeros).mean(), lambda r, f: -f.mean()),
    "relativistic-average": (lambda r, f: bce(r - f.mean(), ones) + bce(f - r.mean(), zeros), lambda r, f: bce(f - r.mean(), ones) + bce(r - f.mean(), zeros)),
    "relativistic-pairing": (lambda r, f: F.softplus(-(r - f)).mean(), lambda r, f: F.softplus(-(f - r)).mean()),
}
for name, (discriminator, generator) in cases.items():
    scores = wave(5, seed=1, scale=3).requires_grad_(), wave(5, seed=2, scale=3).requires_grad_()
    for player, loss in ("discriminator", discriminator), ("generator", generator):
        value = loss(*scores)
        show(f"{name} {player}", value, *gradients(value, scores))

# Regularizers of the discriminator: the gradients of a gradient, of each of its weights.
network = nn.Sequential(nn.Conv2d(2, 4, 3, stride=2, padding=1), nn.Tanh(), nn.Conv2d(4, 3, 3, stride=2, padding=1), nn.Tanh(),
                        nn.Flatten(), nn.Linear(12, 1), nn.Flatten(0))
with torch.no_grad():
    for k, (name, p) in enumerate(sorted(network.state_dict().items())):
        p.copy_(wave(*p.shape, seed=k + 1, scale=0.5))
weights = [p for _, p in sorted(network.named_parameters())]
real, fake = wave(3, 2, 8, 8, seed=1), wave(3, 2, 8, 8, seed=2)


def slope(images):
    images = images.clone().requires_grad_()
    return torch.autograd.grad(network(images).sum(), images, create_graph=True)[0]


torch.manual_seed(5)
between = torch.rand(3, 1, 1, 1)
for name, value in {
    "r1": 0.5 * slope(real).pow(2).sum((1, 2, 3)).mean(),
    "r2": 0.5 * slope(fake).pow(2).sum((1, 2, 3)).mean(),
    "gradient-penalty": (slope(between * real + (1 - between) * fake).flatten(1).norm(dim=1) - 1).pow(2).mean(),
}.items():
    show(name, value, *[sums(g) for g in gradients(value, weights)])

# Path length: two steps, so that the running mean moves.
torch.manual_seed(6)
matrix, mean = wave(8, 32, seed=4, scale=0.5).requires_grad_(), 0.0
for step in 1, 2:
    styles = wave(3, 2, 4, seed=step).requires_grad_()
    images = torch.tanh(styles.flatten(1) @ matrix).reshape(3, 2, 4, 4)
    noise = torch.randn(3, 2, 4, 4) / 4
    product = torch.autograd.grad((images * noise).sum(), styles, create_graph=True)[0]
    lengths = product.pow(2).sum(2).mean(1).sqrt()
    mean = mean + 0.01 * (lengths.mean().item() - mean)
    value = (lengths - mean).pow(2).mean()
    show(f"path-length {step}", torch.tensor(mean), value, sums(gradients(value, [matrix])[0]))

# Spectral normalization: weights, vector and gradient after one forward pass in training.
layer = nn.Conv2d(2, 4, 3)
layer.weight.data.copy_(wave(4, 2, 3, 3, seed=3))
nn.utils.spectral_norm(layer)
layer.weight_u.copy_(F.normalize(wave(4, seed=5), dim=0))
layer(wave(1, 2, 3, 3))
show("spectral-norm", sums(layer.weight), layer.weight_u, sums(gradients((layer.weight * wave(4, 2, 3, 3, seed=7)).sum(), [layer.weight_orig])[0]))
