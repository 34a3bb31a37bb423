"""20 training steps in PyTorch from the weights and batches of bench/trainingParity.ts; prints losses and gradient norms.

    python3 bench/reference/training_parity.py float64|float32 '<JSON of ParityTask>'

In float64 it is the reference; in float32 it shows what rounding alone does to a loss curve.

Forward pass of reference/unet.py, torch.optim.AdamW, torch's own clipping; the loss and the schedule follow nnU-Net's and
are written out here, apart from ours.
"""
import json
import sys

import torch
import torch.nn as nn
import torch.nn.functional as F

from unet import UNet, read_safetensors

task = json.loads(sys.argv[-1])
plan = task["plan"]
dtype = getattr(torch, sys.argv[1])
weights = {name: value.to(dtype) for name, value in read_safetensors(task["weightsPath"]).items()}
batches = read_safetensors(task["batchesPath"])
config = plan["network"]
levels = len(config["channels"]) - 1 if config["deepSupervision"] else 1


class Supervised(UNet):
    """With a head on every decoder level, finest first."""

    def __init__(self):
        super().__init__(weights, config, same_padding=True)
        self.coarse = nn.ParameterList(
            weights[f"head.{i}.filter"].T[:, :, None, None, None].contiguous() for i in range(1, levels))
        self.coarse_bias = nn.ParameterList(weights[f"head.{i}.bias"] for i in range(1, levels))

    def forward(self, x):
        skips, logits = [], []
        for block in self.encoder:
            x = block(x)
            skips.append(x)
        for i in reversed(range(len(self.up))):
            x = self.decoder[i](torch.cat([F.conv_transpose3d(x, self.up[i], stride=2), skips[i]], 1))
            if i == 0:
                logits.insert(0, F.conv3d(x, self.head, self.bias))
            elif i < levels:
                logits.insert(0, F.conv3d(x, self.coarse[i - 1], self.coarse_bias[i - 1]))
        return logits


def loss_of(logits, labels):
    one_hot = F.one_hot(labels, 4).permute(0, 4, 1, 2, 3).to(dtype)
    p = F.softmax(logits, 1)
    axes = (0, 2, 3, 4)
    dice = (2 * (p * one_hot).sum(axes) + 1e-5) / (p.sum(axes) + one_hot.sum(axes) + 1e-5)
    return plan["loss"]["crossEntropy"] * F.cross_entropy(logits, labels) \
        + plan["loss"]["dice"] * (1 - dice[1:].mean())


def rate(step):
    warm = plan["optimiser"]["warmupSteps"]
    if step < warm:
        return plan["optimiser"]["learningRate"] * (step + 1) / warm
    return plan["optimiser"]["learningRate"] * (1 - (step - warm) / (plan["steps"] - warm)) ** 0.9


net = Supervised()
# Filters have more than one axis; norms and biases are not decayed.
filters = [p for p in net.parameters() if p.ndim > 1]
others = [p for p in net.parameters() if p.ndim == 1]
optimiser = torch.optim.AdamW(
    [{"params": filters, "weight_decay": plan["optimiser"]["weightDecay"]}, {"params": others, "weight_decay": 0}],
    betas=(0.9, 0.999), eps=1e-8)
losses, norms = [], []
for step in range(plan["steps"]):
    rows = slice(step * plan["batchSize"], (step + 1) * plan["batchSize"])
    x = batches["images"][rows].permute(0, 4, 1, 2, 3).to(dtype).contiguous()
    labels = batches["labels"][rows].long()
    optimiser.zero_grad()
    raw = [0.5**i for i in range(levels)]
    loss = sum(
        w / sum(raw) * loss_of(y, labels[:, ::2**i, ::2**i, ::2**i])
        for i, (w, y) in enumerate(zip(raw, net(x))))
    loss.backward()
    norms.append(float(nn.utils.clip_grad_norm_(net.parameters(), plan["optimiser"]["clipNorm"])))
    for group in optimiser.param_groups:
        group["lr"] = rate(step)
    optimiser.step()
    losses.append(loss.item())
print(json.dumps({"description": f"PyTorch {torch.__version__} {sys.argv[1]}", "losses": losses, "gradientNorms": norms}))
