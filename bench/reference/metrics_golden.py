"""Writes src-main/imaging/metrics/scipyGolden.json: metrics of small labelmaps computed with scipy.

Usage: python bench/reference/metrics_golden.py (needs numpy and scipy).
"""

import base64
import json
import pathlib
import zlib

import numpy as np
from scipy import ndimage

ROOT = pathlib.Path(__file__).resolve().parents[2]
DIMS = (26, 21, 15)
SPACING = (0.8, 1.25, 2.5)
REGIONS = {"WT": (1, 2, 3), "TC": (1, 3), "ET": (3,)}
rng = np.random.default_rng(11)


def pack(labels):
    raw = labels.astype("u1").ravel(order="F").tobytes()
    return base64.b64encode(zlib.compress(raw, 9)).decode()


def blob(threshold, sigma):
    noise = ndimage.gaussian_filter(rng.normal(size=DIMS), sigma)
    return noise > np.quantile(noise, threshold)


def tumour(seed_threshold=0.85):
    labels = np.zeros(DIMS, int)
    whole = blob(seed_threshold, 2.5)
    labels[whole] = 2
    core = ndimage.binary_erosion(whole)
    labels[core] = 1
    labels[core & blob(0.5, 1.5)] = 3
    return labels


def surface(mask):
    return mask & ~ndimage.binary_erosion(mask)


def metrics(reference, predicted):
    both = (reference & predicted).sum()
    total = reference.sum() + predicted.sum()
    result = {
        "dice": float(2 * both / total) if total else None,
        "volumeErrorMl": float((predicted.sum() - reference.sum()) * np.prod(SPACING) / 1000),
    }
    if not reference.any() or not predicted.any():
        return {**result, "maxDirected": None, "pooled": None, "surfaceDice1": None, "surfaceDice2": None}
    a, b = surface(reference), surface(predicted)
    to_b = ndimage.distance_transform_edt(~b, sampling=SPACING)[a]
    to_a = ndimage.distance_transform_edt(~a, sampling=SPACING)[b]
    every = np.concatenate([to_b, to_a])
    return {
        **result,
        "maxDirected": float(max(np.percentile(to_b, 95), np.percentile(to_a, 95))),
        "pooled": float(np.percentile(every, 95)),
        "surfaceDice1": float((every <= 1).mean()),
        "surfaceDice2": float((every <= 2).mean()),
    }


first = tumour()
second = np.roll(first, 2, axis=0)
second[:2] = 0
empty = np.zeros(DIMS, int)
one, far = empty.copy(), empty.copy()
one[3, 4, 5] = 3
far[25, 20, 14] = 3
no_enhancing = np.where(first == 3, 1, first)
pairs = {
    "shifted": (first, second),
    "independent": (first, tumour()),
    "identical": (first, first),
    "much smaller": (first, np.where(ndimage.binary_erosion(first > 0), first, 0)),
    "touching every border": (tumour(0.3), tumour(0.4)),
    "single voxels far apart": (one, far),
    "no enhancing tumour in the reference": (no_enhancing, first),
    "no enhancing tumour in the prediction": (first, no_enhancing),
    "no enhancing tumour in either": (no_enhancing, np.where(second == 3, 1, second)),
    "empty prediction": (first, empty),
    "empty reference": (empty, first),
    "both empty": (empty, empty),
}
golden = {"dims": DIMS, "spacingMm": SPACING, "pairs": {}, "distances": []}
for name, (reference, predicted) in pairs.items():
    golden["pairs"][name] = {
        "reference": pack(reference),
        "predicted": pack(predicted),
        "regions": {
            region: metrics(np.isin(reference, members), np.isin(predicted, members))
            for region, members in REGIONS.items()
        },
    }
for mask in (one > 0, first == 3, blob(0.97, 0.1), blob(0.5, 1.0)):
    squared = ndimage.distance_transform_edt(~mask, sampling=SPACING) ** 2
    flat = squared.ravel(order="F")
    spots = list(range(0, flat.size, 397))
    golden["distances"].append(
        {"mask": pack(mask), "sum": float(flat.sum()), "max": float(flat.max()),
         "voxels": [[i, float(flat[i])] for i in spots]}
    )
target = ROOT / "src-main" / "imaging" / "metrics" / "scipyGolden.json"
target.write_text(json.dumps(golden))
print(target, target.stat().st_size)
