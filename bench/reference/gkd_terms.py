"""Golden numbers of the distillation terms, computed with PyTorch in double precision.

    python bench/reference/gkd_terms.py
"""

import math

import numpy as np
import torch
import torch.nn.functional as F


def wave(shape, phase):
    count = int(np.prod(shape))
    i = np.arange(count)
    return torch.tensor((np.sin(1.7 * i + phase) + 0.5 * np.cos(0.31 * i * phase)).reshape(shape))


def unit(x):
    return x / torch.sqrt((x * x).sum(-1, keepdim=True) + 1e-6)


def nested_boxes(batch, patch):
    labels = np.zeros((batch, *patch), int)
    for z in range(patch[0]):
        for y in range(patch[1]):
            for x in range(patch[2]):
                distance = max(abs(z - 1), abs(y - 1), abs(x - 1))
                labels[:, z, y, x] = {0: 1, 1: 3, 2: 2}.get(distance, 0)
    return torch.tensor(labels)


def graph_terms():
    h, t = unit(wave((2, 5, 3), 0.4)), unit(wave((2, 5, 3), 1.2))
    tau = 0.5
    print("node, uniform weights", (1 - (h * t).sum(-1)).mean().item())
    centring = torch.eye(5, dtype=torch.double) - torch.full((5, 5), 0.2, dtype=torch.double)
    gram = lambda x: centring @ x @ x.transpose(1, 2) @ centring
    print("relation", ((gram(h) - gram(t)) ** 2).mean().item())
    logits = h @ t.transpose(1, 2) / tau
    print("cross", F.cross_entropy(logits.reshape(10, 5), torch.arange(5).repeat(2)).item())

    # Two layers, one round: messages from the own layer's other nodes and the same cell of the other layer.
    second = unit(wave((2, 5, 3), 2.2))
    transform = wave((3, 3), 0.9) * 0.3
    def alpha(x):
        cosine = x @ x.transpose(1, 2) / tau
        cosine = cosine.masked_fill(torch.eye(5, dtype=torch.bool), -math.inf)
        return torch.softmax(cosine, -1)
    after = [
        own + torch.tanh((alpha(own) @ own + other) / 2 @ transform)
        for own, other in ((h, second), (second, h))
    ]
    for name, x in zip(("first", "second"), after):
        print(f"messages, {name} layer, node 1 of sample 0", [round(v, 7) for v in unit(x)[0, 1].tolist()])

    # Node 3 of sample 0 is absent.
    keep = torch.tensor([0, 1, 2, 4])
    h0, t0 = h[0, keep], t[0, keep]
    c4 = torch.eye(4, dtype=torch.double) - torch.full((4, 4), 0.25, dtype=torch.double)
    r0 = ((c4 @ h0 @ h0.T @ c4 - c4 @ t0 @ t0.T @ c4) ** 2).mean()
    x0 = F.cross_entropy(h0 @ t0.T / tau, torch.arange(4))
    print("without one node: relation", r0.item(), "cross", x0.item())


def voxel_terms():
    patch = (4, 4, 5)
    labels = nested_boxes(2, patch).reshape(-1)
    teacher = (wave((2, *patch, 4), 1.1) * 2).reshape(-1, 4)
    student = (wave((2, *patch, 4), 0.3) * 2).reshape(-1, 4)
    for temperature in (1.0, 2.0, 10.0):
        kl = F.kl_div(
            F.log_softmax(student / temperature, -1), F.softmax(teacher / temperature, -1), reduction="none"
        ).sum(-1)
        trust = F.softmax(teacher, -1).gather(1, labels[:, None])[:, 0]
        confidence = F.softmax(teacher, -1).max(-1).values
        print(
            f"T={temperature}: logits {temperature**2 * kl.mean().item():.8f}",
            f"trusted {temperature**2 * (trust * kl).mean().item():.8f}",
            f"unlabelled {temperature**2 * (confidence * kl).mean().item():.8f}",
            f"mean over classes, no square {kl.mean().item() / 4:.8f}",
        )
    smoothed = F.cross_entropy(student, labels, label_smoothing=0.1)
    print("label smoothing adds", (smoothed - F.cross_entropy(student, labels)).item())


def prototype_term():
    patch = (4, 4, 5)
    labels = nested_boxes(2, patch).reshape(2, -1)
    student, teacher = wave((2, 80, 3), 0.3 + 0.7), wave((2, 80, 5), 1.1 + 0.7)
    def maps(x):
        out = []
        for c in range(4):
            mask = (labels == c).double()[..., None]
            prototype = (x * mask).sum(1, keepdim=True) / mask.sum(1, keepdim=True)
            out.append(F.cosine_similarity(x, prototype, dim=-1))
        return torch.stack(out, -1)
    print("classes", [int((labels == c).sum()) for c in range(4)])
    print("prototype", ((maps(student) - maps(teacher)) ** 2).mean().item())


def latent_code():
    teacher, student = wave((2, 12, 4), 1.1 + 0.7), wave((2, 12, 4), 0.3 + 0.7)
    log_t, log_s = F.log_softmax(teacher, -1), F.log_softmax(student, -1)
    print("latent", (log_t.exp() * (log_t - log_s)).sum(-1).mean().item())


def statistics():
    x = wave((40, 4), 0.8).numpy() @ np.array([[2, 0, 0, 1], [0, 1, 0, 1], [0, 0, 3, 0], [1, 0, 0, 0.5]]) + 10
    print("mean", x.mean(0).tolist(), "deviation", x.std(0).tolist())
    values, vectors = np.linalg.eigh(np.corrcoef(x.T))
    print("eigenvalues", values[::-1].tolist())
    leading = vectors[:, -1] * np.sign(vectors[np.abs(vectors[:, -1]).argmax(), -1])
    print("leading", leading.tolist())


if __name__ == "__main__":
    graph_terms()
    voxel_terms()
    prototype_term()
    latent_code()
    statistics()
