"""The measurements of bench/engineStepWorker.ts in PyTorch: same shapes, same network, same loss, same optimiser.

Everything is measured in both memory formats and the faster one counts: on a CPU, small networks train several times
faster with channels last, which few training scripts ask for.

    python3 bench/reference/engine_step.py [cuda] '<JSON of EngineBenchPlan>'

"cuda" measures on the graphics card in plain single precision: TF32 rounds to ten bits, which our kernels do not.
"""
import json
import resource
import statistics
import sys
import time

import torch
import torch.nn as nn
import torch.nn.functional as F

plan = json.loads(sys.argv[-1])
on_card = sys.argv[1] == "cuda"
if on_card:
    torch.set_default_device("cuda")
    torch.backends.cudnn.allow_tf32 = False
    torch.backends.cuda.matmul.allow_tf32 = False
torch.manual_seed(1)
FORMATS = {"channels first": torch.contiguous_format, "channels last": torch.channels_last_3d}


def finish():
    if on_card:
        torch.cuda.synchronize()


def time_median(work, repetitions):
    work()
    finish()
    seconds = []
    for _ in range(repetitions):
        start = time.perf_counter()
        work()
        finish()
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds)


def measure_convolutions():
    records = []
    for shape in plan["convolutions"]:
        size, cin, cout, stride = (shape[k] for k in ("size", "inChannels", "outChannels", "stride"))
        out = -(-size // stride)
        forward_seconds, both_seconds = [], []
        for memory_format in FORMATS.values():
            x = torch.randn(1, cin, size, size, size).to(memory_format=memory_format).requires_grad_()
            w = torch.randn(cout, cin, 3, 3, 3).to(memory_format=memory_format).requires_grad_()
            dy = torch.ones(1, cout, out, out, out).to(memory_format=memory_format)

            def forward():
                with torch.no_grad():
                    F.conv3d(x, w, stride=stride, padding=1)

            def both():
                torch.autograd.grad(F.conv3d(x, w, stride=stride, padding=1), (x, w), dy)

            forward_seconds.append(time_median(forward, plan["repetitions"]))
            both_seconds.append(time_median(both, plan["repetitions"]))
        gflop = 2 * 27 * cin * cout * out**3 / 1e9
        records.append({
            "forward": gflop / min(forward_seconds),
            "withGradients": 3 * gflop / min(both_seconds),
        })
    return records


class Step(nn.Module):
    def __init__(self, cin, cout, stride, activate):
        super().__init__()
        self.conv = nn.Conv3d(cin, cout, 3, stride, 1, bias=False)
        self.norm = nn.InstanceNorm3d(cout, affine=True)
        self.activate = activate

    def forward(self, x):
        y = self.norm(self.conv(x))
        return F.leaky_relu(y, 0.01, inplace=True) if self.activate else y


class Block(nn.Module):
    def __init__(self, cin, cout, stride, convolutions, residual):
        super().__init__()
        self.steps = nn.Sequential(*[
            Step(cin if i == 0 else cout, cout, stride if i == 0 else 1, not residual or i < convolutions - 1)
            for i in range(convolutions)
        ])
        self.residual = residual
        if residual:
            path = [nn.AvgPool3d(2)] if stride == 2 else []
            path += [nn.Conv3d(cin, cout, 1, bias=False)] if cin != cout else []
            self.shortcut = nn.Sequential(*path)

    def forward(self, x):
        y = self.steps(x)
        return F.leaky_relu(y + self.shortcut(x), 0.01) if self.residual else y


class UNet(nn.Module):
    def __init__(self, config, sequences):
        super().__init__()
        ch, n, residual = config["channels"], config["convolutionsPerLevel"], config["residual"]
        self.encoder = nn.ModuleList(
            Block(sequences if i == 0 else ch[i - 1], c, 1 if i == 0 else 2, n, residual) for i, c in enumerate(ch))
        self.up = nn.ModuleList(nn.ConvTranspose3d(ch[i + 1], ch[i], 2, 2, bias=False) for i in range(len(ch) - 1))
        self.decoder = nn.ModuleList(Block(2 * ch[i], ch[i], 1, n, residual) for i in range(len(ch) - 1))
        supervised = len(ch) - 1 if config["deepSupervision"] else 1
        self.heads = nn.ModuleList(nn.Conv3d(ch[i], 4, 1) for i in range(supervised))

    def forward(self, x):
        skips = []
        for block in self.encoder:
            x = block(x)
            skips.append(x)
        logits = []
        for i in reversed(range(len(self.up))):
            x = self.decoder[i](torch.cat([self.up[i](x), skips[i]], 1))
            if i < len(self.heads):
                logits.insert(0, self.heads[i](x))
        return logits


def loss_of(logits, target):
    log_p = F.log_softmax(logits, 1)
    ce = -(target * log_p).sum() / (target.numel() / 4)
    p = log_p.exp()
    axes = (0, 2, 3, 4)
    dice = (2 * (p * target).sum(axes) + 1e-5) / (p.sum(axes) + target.sum(axes) + 1e-5)
    return ce + 1 - dice[1:].mean()


def measure_step(memory_format):
    s, b = plan["patchSize"], plan["batchSize"]
    net = UNet(plan["network"], plan["sequences"]).to(memory_format=memory_format)
    optimiser = torch.optim.Adam(net.parameters(), lr=1e-3)
    x = torch.randn(b, plan["sequences"], s, s, s).to(memory_format=memory_format)
    labels = ((torch.arange(b * s**3) >> 3) % 4).reshape(b, s, s, s)
    one_hot = F.one_hot(labels, 4).permute(0, 4, 1, 2, 3).float().contiguous(memory_format=memory_format)
    targets = [
        one_hot[:, :, ::2**i, ::2**i, ::2**i].contiguous(memory_format=memory_format) for i in range(len(net.heads))]
    losses = []

    def step():
        optimiser.zero_grad()
        logits = net(x)
        weights = [0.5**i for i in range(len(logits))]
        total = sum(
            w / sum(weights) * loss_of(l, targets[i])
            for i, (w, l) in enumerate(zip(weights, logits)))
        total.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 12)
        optimiser.step()
        losses.append(total.item())

    seconds = time_median(step, plan["repetitions"])
    return {"seconds": seconds, "firstLoss": losses[0]}


steps = {name: measure_step(memory_format) for name, memory_format in FORMATS.items()} if plan["measureStep"] else {}
fastest = min(steps, key=lambda name: steps[name]["seconds"], default=None)
convolutions = measure_convolutions()
where = torch.cuda.get_device_name() if on_card else f"CPU · {torch.get_num_threads()} threads"
record = {
    "description": f"PyTorch {torch.__version__} · {where}" + (f" · step with {fastest}, " if steps else "")
    + ", ".join(f"{name} {step['seconds'] * 1000:.0f} ms" for name, step in steps.items()),
    "convolutions": convolutions,
    "step": steps.get(fastest),
    "peakMib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
}
print(json.dumps(record))
