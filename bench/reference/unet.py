"""The U-Net of src-main/engine/networks/unet.ts in PyTorch, with weights from a model file of ours.

Strided convolutions: TensorFlow's SAME padding begins a stride-2 window of 3 at voxel 0 of an even axis, PyTorch's
`padding=1` at voxel -1. `same_padding=True` pads as TensorFlow does (equal answers); `False` is what a PyTorch user
would write, and a little faster.
"""
import json
import struct

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F


def read_safetensors(path):
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        data = file.read()
    return {
        name: torch.from_numpy(
            np.frombuffer(data, "<f4", (end - start) // 4, start).reshape(entry["shape"]).copy())
        for name, entry in header.items() if name != "__metadata__"
        for start, end in [entry["data_offsets"]]
    }


class Step(nn.Module):
    def __init__(self, weights, name, stride, activate, same_padding):
        super().__init__()
        self.filter = nn.Parameter(weights[f"{name}.filter"].permute(4, 3, 0, 1, 2).contiguous())
        self.scale = nn.Parameter(weights[f"{name}.scale"])
        self.offset = nn.Parameter(weights[f"{name}.offset"])
        self.stride, self.activate, self.shift = stride, activate, same_padding and stride == 2

    def forward(self, x):
        if self.shift:
            y = F.conv3d(F.pad(x, (0, 1) * 3), self.filter, stride=2)
        else:
            y = F.conv3d(x, self.filter, stride=self.stride, padding=1)
        y = F.instance_norm(y, weight=self.scale, bias=self.offset)
        return F.leaky_relu(y, 0.01, inplace=True) if self.activate else y


class Block(nn.Module):
    def __init__(self, weights, name, stride, config, same_padding):
        super().__init__()
        count, self.residual, self.stride = config["convolutionsPerLevel"], config["residual"], stride
        self.steps = nn.Sequential(*[
            Step(weights, f"{name}.{i}", stride if i == 0 else 1, not self.residual or i < count - 1, same_padding)
            for i in range(count)
        ])
        shortcut = weights.get(f"{name}.shortcut.filter")
        self.shortcut = None if shortcut is None else nn.Parameter(shortcut.T[:, :, None, None, None].contiguous())

    def forward(self, x):
        y = self.steps(x)
        if not self.residual:
            return y
        x = F.avg_pool3d(x, 2) if self.stride == 2 else x
        return F.leaky_relu(y + (x if self.shortcut is None else F.conv3d(x, self.shortcut)), 0.01)


class UNet(nn.Module):
    """Only the finest head, the one that predicts."""

    def __init__(self, weights, config, same_padding):
        super().__init__()
        levels = len(config["channels"])
        self.encoder = nn.ModuleList(
            Block(weights, f"encoder.{i}", 1 if i == 0 else 2, config, same_padding) for i in range(levels))
        self.up = nn.ParameterList(
            weights[f"decoder.{i}.up.filter"].permute(3, 4, 0, 1, 2).contiguous() for i in range(levels - 1))
        self.decoder = nn.ModuleList(
            Block(weights, f"decoder.{i}", 1, config, same_padding) for i in range(levels - 1))
        self.head = nn.Parameter(weights["head.0.filter"].T[:, :, None, None, None].contiguous())
        self.bias = nn.Parameter(weights["head.0.bias"])

    def forward(self, x):
        skips = []
        for block in self.encoder:
            x = block(x)
            skips.append(x)
        for i in reversed(range(len(self.up))):
            x = self.decoder[i](torch.cat([F.conv_transpose3d(x, self.up[i], stride=2), skips[i]], 1))
        return F.conv3d(x, self.head, self.bias)
