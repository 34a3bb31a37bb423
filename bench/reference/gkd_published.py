"""Golden numbers of the released GKD loss, computed by an independent PyTorch implementation.

Prints, for fixed features and fixed edge weights, the loss and its gradient with respect to student and
teacher features, and the same loss as plain Python loops over every index. Then the figures behind the
documented defects, as means over draws of the edges.

    python bench/reference/gkd_published.py
"""

import math

import torch


def wave(index: int, phase: float) -> float:
    """A value anyone can rebuild: no random generator has to agree between two languages."""
    return math.sin(1.7 * index + phase) + 0.5 * math.cos(0.31 * index * phase)


def features(batch: int, channels: int, depth: int, height: int, width: int, phase: float) -> torch.Tensor:
    """B x C x D x H x W whose memory order is B, D, H, W, C, the order of our tensors."""
    count = batch * channels * depth * height * width
    values = torch.tensor([wave(i, phase) for i in range(count)], dtype=torch.float64)
    return values.reshape(batch, depth, height, width, channels).permute(0, 4, 1, 2, 3).contiguous()


def edges(depth: int, phase: float) -> torch.Tensor:
    values = torch.tensor([math.sin(0.9 * i + phase) for i in range(depth * depth)], dtype=torch.float64)
    return values.reshape(depth, depth)


def published_loss(student, teacher, w1, w2, temperature):
    y1 = teacher + torch.einsum("ij,bcjhw->bcihw", w1, student)
    y2 = student + torch.einsum("ij,bcjhw->bcihw", w2, teacher)
    p1 = torch.softmax(y1, dim=-1)
    p2 = torch.softmax(y2, dim=-1)
    return (
        torch.nn.functional.kl_div(
            torch.log_softmax(p1 / temperature, dim=1),
            torch.softmax(p2 / temperature, dim=1),
            reduction="sum",
        )
        * temperature**2
        / student.shape[0]
    )


def published_loss_by_loops(student, teacher, w1, w2, temperature):
    batch, channels, depth, height, width = student.shape
    total = 0.0
    for b in range(batch):
        for i in range(depth):
            for h in range(height):
                p1 = [[0.0] * width for _ in range(channels)]
                p2 = [[0.0] * width for _ in range(channels)]
                for c in range(channels):
                    y1, y2 = [], []
                    for w in range(width):
                        y1.append(
                            float(teacher[b, c, i, h, w])
                            + sum(float(w1[i, j]) * float(student[b, c, j, h, w]) for j in range(depth))
                        )
                        y2.append(
                            float(student[b, c, i, h, w])
                            + sum(float(w2[i, j]) * float(teacher[b, c, j, h, w]) for j in range(depth))
                        )
                    for y, p in ((y1, p1), (y2, p2)):
                        top = sum(math.exp(v) for v in y)
                        for w in range(width):
                            p[c][w] = math.exp(y[w]) / top
                for w in range(width):
                    q1 = [math.exp(p1[c][w] / temperature) for c in range(channels)]
                    q2 = [math.exp(p2[c][w] / temperature) for c in range(channels)]
                    s1, s2 = sum(q1), sum(q2)
                    for c in range(channels):
                        a, t = q2[c] / s2, q1[c] / s1
                        total += a * math.log(a / t)
    return total * temperature**2 / batch


def main() -> None:
    shape = dict(batch=2, channels=3, depth=4, height=2, width=5)
    student = features(**shape, phase=0.3).requires_grad_()
    teacher = features(**shape, phase=1.1).requires_grad_()
    w1, w2 = edges(4, 0.2), edges(4, 1.3)
    for temperature in (1.0, 2.0, 4.0):
        loss = published_loss(student, teacher, w1, w2, temperature)
        gradients = torch.autograd.grad(loss, (student, teacher))
        print(f"T={temperature}: loss {loss.item():.10f}")
        print(f"  by loops    {published_loss_by_loops(student, teacher, w1, w2, temperature):.10f}")
        for name, gradient in zip(("student", "teacher"), gradients):
            flat = gradient.permute(0, 2, 3, 4, 1).reshape(-1)
            print(f"  d {name}: first {[round(v, 8) for v in flat[:4].tolist()]} norm {flat.norm():.8f}")

    print("defects, 256x6x8x8 normal features, mean of 60 draws of the edges")
    generator = torch.Generator().manual_seed(7)
    theta = torch.randn(1, 256, 6, 8, 8, generator=generator)
    other = torch.randn(1, 256, 6, 8, 8, generator=generator)
    arms = {"S = theta": theta, "S = theta/3": theta / 3, "S = 0": theta * 0, "independent S": other}
    for temperature in (1.0, 2.0, 4.0, 8.0):
        generator.manual_seed(11)  # the same edges at every temperature
        sums = dict.fromkeys(arms, 0.0)
        for _ in range(60):
            w1 = torch.rand(6, 6, generator=generator) * 2 - 1
            w2 = torch.rand(6, 6, generator=generator) * 2 - 1
            for name, value in arms.items():
                sums[name] += published_loss(value, theta, w1, w2, temperature).item() / 60
        print(f"  T={temperature}: " + ", ".join(f"{k} {v:.3f}" for k, v in sums.items()))


if __name__ == "__main__":
    main()
