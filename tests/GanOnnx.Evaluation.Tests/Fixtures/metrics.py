"""Prints the rows of ReferenceFigures.cs: what numpy says of the sets in Sets.cs, each figure by its paper's formula."""
import numpy as np


def features(count, size, seed, scale=1.0, shift=0.0):
    """Numbers of a linear congruential generator, in float32 as the library gets them."""
    state, values = np.uint64(seed), np.empty(count * size)
    for i in range(count * size):
        state = state * np.uint64(6364136223846793005) + np.uint64(1442695040888963407)
        values[i] = float(state >> np.uint64(40)) / 2**24 - 0.5
    return (values * scale + shift).astype(np.float32).reshape(count, size).astype(np.float64)


def frechet(x, y):
    def root(s):
        w, v = np.linalg.eigh(s)
        return v * np.sqrt(np.clip(w, 0, None)) @ v.T
    (m1, s1), (m2, s2) = [(z.mean(0), np.cov(z, rowvar=False)) for z in (x, y)]
    w = np.linalg.eigvalsh(root(s1) @ s2 @ root(s1))
    return ((m1 - m2) ** 2).sum() + np.trace(s1) + np.trace(s2) - 2 * np.sqrt(np.clip(w, 0, None)).sum()


def kernel(x, y):
    k = lambda a, b: (a @ b.T / a.shape[1] + 1) ** 3
    m, n = len(x), len(y)
    within = lambda z, c: (k(z, z).sum() - np.trace(k(z, z))) / (c * (c - 1))
    return within(x, m) + within(y, n) - 2 * k(x, y).mean()


def manifolds(real, fake):
    d = lambda a, b: np.sqrt(((a[:, None, :] - b[None, :, :]) ** 2).sum(-1))
    radius = lambda a, k: np.sort(d(a, a), axis=1)[:, k]  # place 0 is the vector itself
    between = d(real, fake)
    return ((between <= radius(real, 3)[:, None]).any(0).mean(), (between <= radius(fake, 3)[None, :]).any(1).mean(),
            (between < radius(real, 5)[:, None]).sum(0).mean() / 5, (between.min(1) < radius(real, 5)).mean())


np.seterr(over="ignore")
cases = {
    "random": (features(300, 6, 1), features(200, 6, 2)),
    "same distribution, other scale": (features(250, 4, 3), features(250, 4, 4, 0.7)),
    "shifted": (features(150, 5, 5), features(180, 5, 6, 1.0, 0.4)),
    "fewer images than features": (features(20, 40, 7), features(15, 40, 8)),
    "identical": (features(100, 6, 9), features(100, 6, 9)),
    "disjoint": (features(100, 3, 10), features(100, 3, 11, 1.0, 50.0)),
    "a class missing": (np.vstack([features(100, 4, 12), features(100, 4, 13, 1.0, 6.0)]), features(150, 4, 14)),
}
for name, (real, fake) in cases.items():
    numbers = [frechet(fake, real), kernel(real, fake), *manifolds(real, fake)]
    print(f"        {name} | " + " ".join(f"{v + 0.0:.12g}" for v in numbers))
