"""The whole-case prediction of bench/inferenceWorker.ts in PyTorch: same files, weights, windows and answer.

Both memory formats are measured and the faster one counts. Prints one JSON record.

    python3 bench/reference/predict_case.py '<JSON of InferencePlan>'
"""
import gzip
import itertools
import json
import math
import resource
import struct
import sys
import time

import numpy as np
import torch

from unet import UNet, read_safetensors

plan = json.loads(sys.argv[1])
window = plan["window"][::-1]
network_config = plan["network"]
TYPES = {2: "u1", 4: "<i2", 8: "<i4", 16: "<f4", 512: "<u2"}


def read_nifti(path):
    """The little-endian, axis-aligned files of the synthetic cohort; z, y, x."""
    with gzip.open(path) as file:
        raw = file.read()
    dims = struct.unpack_from("<8h", raw, 40)[1:4]
    (kind,), spacing = struct.unpack_from("<h", raw, 70), struct.unpack_from("<8f", raw, 76)[1:4]
    offset, slope, intercept = struct.unpack_from("<3f", raw, 108)
    voxels = np.frombuffer(raw, TYPES[kind], math.prod(dims), int(offset)).reshape(dims[::-1]).astype(np.float32)
    if slope not in (0, 1) or intercept != 0:
        voxels = voxels * (slope or 1) + intercept
    # Axes that run from right to left or front to back are turned round: networks see RAS+ order.
    rows = struct.unpack_from("<12f", raw, 280)
    turned = [axis for axis, step in ((0, rows[10]), (1, rows[5]), (2, rows[0])) if step < 0]
    return np.flip(voxels, turned), spacing[::-1], raw[:352], turned


def axis_matrix(source, target):
    """Linear interpolation, the triangle widened when shrinking: rows of weights, target x source."""
    scale = source / target
    support = max(1, scale)
    centre = (np.arange(target) + 0.5) * scale - 0.5
    weights = np.maximum(0, 1 - np.abs(np.arange(source)[None] - centre[:, None]) / support)
    return torch.from_numpy((weights / weights.sum(1, keepdims=True)).astype(np.float32))


def resample(volumes, dims):
    """channels x z x y x x onto other dims over the same box."""
    if volumes.shape[3] != dims[2]:
        volumes = volumes @ axis_matrix(volumes.shape[3], dims[2]).T
    if volumes.shape[2] != dims[1]:
        volumes = axis_matrix(volumes.shape[2], dims[1]) @ volumes
    if volumes.shape[1] != dims[0]:
        flat = volumes.reshape(*volumes.shape[:2], -1)
        volumes = (axis_matrix(volumes.shape[1], dims[0]) @ flat).reshape(-1, dims[0], *volumes.shape[2:])
    return volumes


def read_case():
    volumes, spacing, header, turned = zip(*(read_nifti(plan["images"][name]) for name in plan["sequences"]))
    images, spacing = np.stack(volumes), spacing[0]
    occupied = (images != 0).any(0)
    box = tuple(
        slice(int(found[0]), int(found[-1]) + 1)
        for axis in range(3)
        for found in [np.flatnonzero(occupied.any(tuple(a for a in range(3) if a != axis)))])
    images = np.ascontiguousarray(images[(slice(None), *box)])
    for image in images:
        mask = image != 0
        values = image[mask]
        image[mask] = (values - values.mean(dtype=np.float64)) / values.std(dtype=np.float64)
    size, target = images.shape[1:], network_config.get("spacingMm")
    if target and not all(abs(s / target - 1) <= 0.1 for s in spacing):
        working = [max(1, round(n * s / target)) for n, s in zip(size, spacing)]
    else:
        working = size
    return resample(torch.from_numpy(images), working), box, size, occupied.shape, header[0], turned[0]


def origins(extent, edge):
    room = extent - edge
    steps = math.ceil(room / max(1, edge * plan["inference"]["stepFraction"]))
    return [math.floor(room * i / steps + 0.5) for i in range(steps + 1)] if room > 0 else [0]


def gaussian():
    axes = [np.exp(-0.5 * ((np.arange(n) - (n - 1) / 2) / (n / 8)) ** 2) for n in window]
    return torch.from_numpy(np.einsum("i,j,k->ijk", *axes).astype(np.float32))


def predict(net, image, memory_format):
    dims = image.shape[1:]
    missing = [max(0, edge - n) for edge, n in zip(window, dims)]
    before = [m // 2 for m in missing]
    padding = [side for b, m in zip(reversed(before), reversed(missing)) for side in (b, m - b)]
    padded = torch.nn.functional.pad(image, padding)
    places = list(itertools.product(*(origins(n, edge) for n, edge in zip(padded.shape[1:], window))))
    weight, batch = gaussian(), max(1, 96**3 // math.prod(window))
    sums = torch.zeros(4, *padded.shape[1:])
    mass = torch.zeros(padded.shape[1:])
    boxes = [tuple(slice(o, o + edge) for o, edge in zip(place, window)) for place in places]
    for start in range(0, len(boxes), batch):
        group = boxes[start : start + batch]
        x = torch.stack([padded[(slice(None), *box)] for box in group]).contiguous(memory_format=memory_format)
        for box, logits in zip(group, net(x)):
            sums[(slice(None), *box)] += logits * weight
            mass[box] += weight
    middle = tuple(slice(b, b + n) for b, n in zip(before, dims))
    return (sums / mass)[(slice(None), *middle)]


def write_nifti(path, header, volume):
    head = bytearray(header)
    struct.pack_into("<hh", head, 70, 2, 8)
    struct.pack_into("<3f", head, 108, 352, 1, 0)
    with gzip.open(path, "wb", compresslevel=6) as file:
        file.write(bytes(head) + volume.tobytes())


def run(net, memory_format, name):
    times = [time.perf_counter()]
    image, box, size, full, header, turned = read_case()
    times.append(time.perf_counter())
    logits = predict(net, image, memory_format)
    times.append(time.perf_counter())
    probabilities = resample(torch.softmax(logits, 0), size)
    found = probabilities.argmax(0).to(torch.uint8).numpy()
    entropy = -(probabilities * probabilities.clamp_min(1e-12).log()).sum(0) * (255 / math.log(4))
    labels, uncertainty = np.zeros(full, np.uint8), np.zeros(full, np.uint8)
    labels[box] = found
    uncertainty[box] = entropy.clamp(0, 255).round().to(torch.uint8).numpy()
    times.append(time.perf_counter())
    path = f"{plan['outFolder']}/{name}_label.nii.gz"
    write_nifti(path, header, np.flip(labels, turned))
    write_nifti(f"{plan['outFolder']}/{name}_uncertainty.nii.gz", header, np.flip(uncertainty, turned))
    times.append(time.perf_counter())
    return path, dict(zip(("read", "windows", "finish", "write"), np.diff(times).tolist()))


weights = read_safetensors(plan["weightsPath"])
formats = {"channels first": torch.contiguous_format, "channels last": torch.channels_last_3d}
with torch.inference_mode():
    measured, cold = {}, None
    for name, memory_format in formats.items():
        net = UNet(weights, network_config, same_padding=False).to(memory_format=memory_format)
        run(net, memory_format, "pytorch")
        cold = cold or time.time() - plan["startedAt"] / 1000
        measured[name] = [run(net, memory_format, "pytorch")[1] for _ in range(plan["repetitions"])]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    # Not timed: the same padding as ours, so that the answers can be compared voxel by voxel.
    label_path, _ = run(UNet(weights, network_config, same_padding=True), torch.contiguous_format, "pytorch_same")

median = {name: float(np.median([sum(r.values()) for r in runs])) for name, runs in measured.items()}
fastest = min(median, key=median.get)
print(json.dumps({
    "description": f"PyTorch {torch.__version__} · CPU · {torch.get_num_threads()} threads · {fastest}, "
    + ", ".join(f"{name} {seconds:.2f} s" for name, seconds in median.items()),
    "coldSeconds": cold,
    "runs": measured[fastest],
    "peakMib": peak,
    "labelPath": label_path,
}))
