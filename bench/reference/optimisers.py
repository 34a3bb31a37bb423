"""Golden numbers of src-main/engine/optimisers/createOptimiser.test.ts: three steps of PyTorch's optimisers."""

import torch

GRADIENTS = [
    ([0.3, -0.1, 2.0], [-1.0], 0.01),
    ([-0.2, 0.4, 1.0], [0.5], 0.02),
    ([0.1, 0.1, -3.0], [0.0], 0.005),
]


def three_steps(name, make):
    a = torch.tensor([1.0, -2.0, 0.5], requires_grad=True)
    b = torch.tensor([3.0], requires_grad=True)
    optimiser = make([a, b])
    for of_a, of_b, rate in GRADIENTS:
        for group in optimiser.param_groups:
            group["lr"] = rate
        a.grad = torch.tensor(of_a)
        b.grad = torch.tensor(of_b)
        optimiser.step()
    print(name, [f"{value:.8f}" for value in a.tolist() + b.tolist()])


three_steps("AdamW", lambda p: torch.optim.AdamW(p, lr=1, weight_decay=0.1))
three_steps(
    "SGD, Nesterov",
    lambda p: torch.optim.SGD(p, lr=1, momentum=0.99, nesterov=True, weight_decay=0.1),
)
three_steps("SGD, momentum", lambda p: torch.optim.SGD(p, lr=1, momentum=0.9))
