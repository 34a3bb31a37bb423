"""Golden logits for src-main/engine/networks/networkKinds.golden.test.ts: each kind of network written again in PyTorch.

    python3 bench/reference/network_kinds.py

Weights and input come from formulas, so that no file is needed: value i of a parameter is a sine of i and of the sum of
its name's character codes. Layouts are ours (filters D×H×W×in×out, volumes B×D×H×W×C).
"""
import math

import numpy as np
import torch
import torch.nn.functional as F

EDGE, SEQUENCES, CLASSES = 8, 2, 4


def values(name, shape):
    count = int(np.prod(shape))
    wave = np.sin(sum(map(ord, name)) + 0.37 * np.arange(1, count + 1))
    if name.endswith(".filter"):
        return torch.tensor((wave * 2 / math.sqrt(count / shape[-1])).reshape(shape))
    return torch.tensor((1 if name.endswith(".scale") else 0) + 0.2 * wave.reshape(shape))


def conv(x, name, out, kernel=3, stride=1, dilation=1):
    w = values(f"{name}.filter", (kernel,) * 3 + (x.shape[1], out)).permute(4, 3, 0, 1, 2)
    if stride == 2:
        # TensorFlow's SAME padding of an even axis: nothing before, one after for three taps.
        return F.conv3d(F.pad(x, (0, 1) * 3) if kernel == 3 else x, w, stride=2)
    return F.conv3d(x, w, padding=dilation if kernel == 3 else 0, dilation=dilation)


def norm(x, name, activate=True):
    c = (x.shape[1],)
    y = F.instance_norm(x, weight=values(f"{name}.scale", c), bias=values(f"{name}.offset", c))
    return F.leaky_relu(y, 0.01) if activate else y


def pointwise(x, name, out, bias=False):
    y = F.conv3d(x, values(f"{name}.filter", (x.shape[1], out)).T[:, :, None, None, None])
    return y + values(f"{name}.bias", (out,))[:, None, None, None] if bias else y


def up(x, name, out):
    w = values(f"{name}.filter", (2, 2, 2, x.shape[1], out)).permute(3, 4, 0, 1, 2)
    return F.conv_transpose3d(x, w, stride=2)


def plain(x, name, out, count):
    for i in range(count):
        x = norm(conv(x, f"{name}.{i}", out), f"{name}.{i}")
    return x


def res_stage(x, name, out, count):
    y = x
    for i in range(count):
        y = norm(conv(y, f"{name}.{i}", out), f"{name}.{i}", i < count - 1)
    return F.leaky_relu(y + (x if x.shape[1] == out else pointwise(x, f"{name}.shortcut", out)), 0.01)


def res_block(x, name, out, stride):
    y = norm(conv(x, f"{name}.0", out, stride=stride), f"{name}.0")
    y = norm(conv(y, f"{name}.1", out), f"{name}.1", False)
    x = F.avg_pool3d(x, 2) if stride == 2 else x
    if x.shape[1] != out:
        x = norm(pointwise(x, f"{name}.shortcut", out), f"{name}.shortcut", False)
    return F.leaky_relu(y + x, 0.01)


def resenc(x, channels, blocks):
    skips = []
    x = norm(conv(x, "stem", channels[0]), "stem")
    for level, own in enumerate(channels):
        for block in range(blocks[level]):
            x = res_block(x, f"encoder.{level}.{block}", own, 2 if level > 0 and block == 0 else 1)
        skips.append(x)
    for level in reversed(range(len(channels) - 1)):
        x = torch.cat([up(x, f"decoder.{level}.up", channels[level]), skips[level]], 1)
        x = plain(x, f"decoder.{level}", channels[level], 1)
    return pointwise(x, "head.0", CLASSES, True)


def vnet(x, channels, blocks):
    skips = []
    for level, own in enumerate(channels):
        if level > 0:
            name = f"encoder.{level}.down"
            x = norm(conv(x, name, own, kernel=2, stride=2), name)
        x = res_stage(x, f"encoder.{level}", own, blocks[level])
        skips.append(x)
    for level in reversed(range(len(channels) - 1)):
        name = f"decoder.{level}"
        raised = norm(up(x, f"{name}.up", channels[level]), f"{name}.up")
        x = res_stage(torch.cat([raised, skips[level]], 1), name, 2 * channels[level], blocks[level])
    return pointwise(x, "head.0", CLASSES, True)


def meshnet(x, width, dilations):
    for i, dilation in enumerate(dilations):
        x = norm(conv(x, f"layer.{i}", width, dilation=dilation), f"layer.{i}")
    return pointwise(x, "head.0", CLASSES, True)


count = EDGE**3 * SEQUENCES
i = np.arange(count)
x = torch.tensor(np.sin(1 + 0.73 * i + 0.001 * i * i)).reshape(1, EDGE, EDGE, EDGE, SEQUENCES).permute(0, 4, 1, 2, 3)
for name, y in {
    "resenc": resenc(x, [4, 6, 6], [1, 2, 2]),
    "vnet": vnet(x, [4, 6, 8], [1, 2, 2]),
    "meshnet": meshnet(x, 5, [1, 2, 4, 2, 1]),
}.items():
    flat = y.permute(0, 2, 3, 4, 1).flatten()
    samples = [round(float(flat[k]), 6) for k in (0, 333, 777, 1234, 2047)]
    print(name, samples, "mean of |logits|", round(float(flat.abs().mean()), 6))
