"""Small networks in the forms that nnU-Net v2 and MONAI export, as ONNX files with their answers.

Written from the papers' and frameworks' layer lists; weights are random. Needs torch, onnx, onnxscript and onnxruntime.
Makes the golden files of src-main/engine/interchange/execution/testing:

    python3 bench/reference/imported_networks.py src-main/engine/interchange/execution/testing
"""
import json
import sys
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from torch import nn


def norm_act(channels):
    return [nn.InstanceNorm3d(channels, affine=True), nn.LeakyReLU(0.01, inplace=True)]


class PlainConvUNet(nn.Module):
    """nnU-Net v2: convolutions with bias, instance norm, leaky ReLU; strided down, transposed up, class head."""

    def __init__(self, inputs=2, features=(2, 4, 5), classes=4):
        super().__init__()
        self.encoder = nn.ModuleList()
        for level, to in enumerate(features):
            at = inputs if level == 0 else features[level - 1]
            self.encoder.append(nn.Sequential(
                nn.Conv3d(at, to, 3, 1 if level == 0 else 2, 1), *norm_act(to), nn.Conv3d(to, to, 3, 1, 1), *norm_act(to)))
        self.up = nn.ModuleList(nn.ConvTranspose3d(features[i + 1], features[i], 2, 2) for i in range(len(features) - 1))
        self.decoder = nn.ModuleList(
            nn.Sequential(nn.Conv3d(2 * features[i], features[i], 3, 1, 1), *norm_act(features[i])) for i in range(len(features) - 1))
        self.head = nn.Conv3d(features[0], classes, 1)

    def forward(self, x):
        skips = []
        for stage in self.encoder:
            x = stage(x)
            skips.append(x)
        for i in reversed(range(len(self.up))):
            x = self.decoder[i](torch.cat((self.up[i](x), skips[i]), 1))
        return self.head(x)


class ResidualEncoderUNet(PlainConvUNet):
    """nnU-Net v2's residual encoder: average pooling and a 1×1×1 projection beside every block."""

    def __init__(self, inputs=2, features=(2, 4, 5), classes=3):
        super().__init__(inputs, features, classes)
        self.project = nn.ModuleList()
        for level, to in enumerate(features):
            at = inputs if level == 0 else features[level - 1]
            pool = [nn.AvgPool3d(2, 2)] if level > 0 else []
            self.project.append(nn.Sequential(*pool, nn.Conv3d(at, to, 1, bias=False), nn.InstanceNorm3d(to, affine=True)))
            self.encoder[level] = self.encoder[level][:-1]
        self.activate = nn.LeakyReLU(0.01)

    def forward(self, x):
        skips = []
        for stage, project in zip(self.encoder, self.project):
            x = self.activate(stage(x) + project(x))
            skips.append(x)
        for i in reversed(range(len(self.up))):
            x = self.decoder[i](torch.cat((self.up[i](x), skips[i]), 1))
        return self.head(x)


class ResBlock(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.body = nn.Sequential(
            nn.GroupNorm(2, channels), nn.ReLU(), nn.Conv3d(channels, channels, 3, 1, 1, bias=False),
            nn.GroupNorm(2, channels), nn.ReLU(), nn.Conv3d(channels, channels, 3, 1, 1, bias=False))

    def forward(self, x):
        return x + self.body(x)


class SegResNet(nn.Module):
    """MONAI: group norm before activation, residual blocks, trilinear upsampling and addition, sigmoid regions."""

    def __init__(self, inputs=2, features=(4, 6), regions=3):
        super().__init__()
        self.first = nn.Conv3d(inputs, features[0], 3, 1, 1, bias=False)
        self.fine = ResBlock(features[0])
        self.down = nn.Conv3d(features[0], features[1], 3, 2, 1, bias=False)
        self.coarse = ResBlock(features[1])
        self.narrow = nn.Conv3d(features[1], features[0], 1, bias=False)
        self.up = nn.Upsample(scale_factor=2, mode="trilinear", align_corners=False)
        self.last = ResBlock(features[0])
        self.head = nn.Sequential(nn.GroupNorm(2, features[0]), nn.ReLU(), nn.Conv3d(features[0], regions, 1))

    def forward(self, x):
        fine = self.fine(self.first(x))
        coarse = self.coarse(self.down(fine))
        return torch.sigmoid(self.head(self.last(self.up(self.narrow(coarse)) + fine)))


class MonaiUNet(nn.Module):
    """MONAI's UNet: PReLU, max-pooled variant of the path down, transposed convolution of 3 with output padding, softmax."""

    def __init__(self, inputs=2, classes=4):
        super().__init__()
        self.first = nn.Sequential(nn.Conv3d(inputs, 3, 3, 2, 1), nn.InstanceNorm3d(3), nn.PReLU())
        self.pooled = nn.Sequential(nn.MaxPool3d(2), nn.Conv3d(3, 4, 3, 1, 1), nn.BatchNorm3d(4), nn.PReLU(4))
        self.nearest = nn.Upsample(scale_factor=2, mode="nearest")
        self.up = nn.Sequential(nn.ConvTranspose3d(7, 3, 3, 2, 1, 1), nn.InstanceNorm3d(3), nn.PReLU())
        self.head = nn.Conv3d(3, classes, 3, 1, 1)

    def forward(self, x):
        fine = self.first(x)
        coarse = self.nearest(self.pooled(fine))
        return torch.softmax(self.head(self.up(torch.cat((fine, coarse), 1))), 1)


def image(shape):
    index = np.arange(np.prod(shape), dtype=np.float64)
    return (np.sin(0.37 * index) + np.cos(0.011 * index)).astype("f4").reshape(shape)


def inlined(path):
    """The exporter may put weights in a second file: one file holds all."""
    model = onnx.load(path)
    path.with_suffix(".onnx.data").unlink(missing_ok=True)
    for node in model.graph.node:
        node.doc_string = ""
        del node.metadata_props[:]
    del model.graph.value_info[:]
    del model.functions[:]
    for item in [*model.graph.input, *model.graph.output, model.graph]:
        del item.metadata_props[:]
    onnx.save(model, path)


def main(folder):
    networks = {
        "plainConvUNet": (PlainConvUNet(), False), "residualEncoderUNet": (ResidualEncoderUNet(), False),
        "segResNet": (SegResNet(), False), "monaiUNet": (MonaiUNet(), False), "segResNetDynamo": (SegResNet(), True),
    }
    answers = {}
    for seed, (name, (network, dynamo)) in enumerate(networks.items()):
        torch.manual_seed(seed)
        for parameter in network.parameters():
            nn.init.normal_(parameter, 0.3 if parameter.dim() == 1 else 0.0, 0.4)
        network.eval()
        path = folder / f"{name}.onnx"
        example = torch.zeros(1, 2, 8, 8, 8)
        if dynamo:
            torch.onnx.export(network, (example,), path, dynamo=True, opset_version=18, input_names=["x"], output_names=["y"])
        else:
            axes = {0: "batch", 2: "d", 3: "h", 4: "w"}
            torch.onnx.export(
                network, (example,), path, dynamo=False, opset_version=17, input_names=["x"], output_names=["y"],
                dynamic_axes={"x": axes, "y": axes})
        inlined(path)
        shape = (1, 2, 8, 8, 8) if dynamo else (2, 2, 8, 12, 16)
        (answer,) = onnxruntime.InferenceSession(path).run(None, {"x": image(shape)})
        with torch.no_grad():
            difference = np.abs(network(torch.from_numpy(image(shape))).numpy() - answer).max()
        print(name, path.stat().st_size, "bytes, onnxruntime differs from torch by", difference,
              sorted({node.op_type for node in onnx.load(path).graph.node}))
        answers[name] = {"inputShape": shape, "shape": answer.shape, "everyNth": 97,
                         "values": [float(f"{value:.7g}") for value in answer.ravel()[::97]]}
    (folder / "answers.json").write_text(json.dumps(answers) + "\n")


main(Path(sys.argv[1]))
