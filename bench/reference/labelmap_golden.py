"""Writes src-main/imaging/labelmap/scipyGolden.json: labelmap operations computed with scipy.

Usage: python bench/reference/labelmap_golden.py (needs numpy and scipy).
"""

import base64
import json
import pathlib
import zlib

import numpy as np
from scipy import ndimage

ROOT = pathlib.Path(__file__).resolve().parents[2]
DIMS = (34, 29, 19)
SPACING = (0.9, 1.1, 2.5)
VOXEL_ML = float(np.prod(SPACING)) / 1000
rng = np.random.default_rng(5)


def pack(values):
    return base64.b64encode(zlib.compress(values.astype("u1").ravel(order="F").tobytes(), 9)).decode()


def blobs(share, sigma):
    noise = ndimage.gaussian_filter(rng.normal(size=DIMS), sigma)
    return noise > np.quantile(noise, 1 - share)


def largest(mask, structure):
    ids, count = ndimage.label(mask, structure)
    return ids == 1 + np.argmax(ndimage.sum(mask, ids, range(1, count + 1)))


def without_small(mask, minimum_ml, structure):
    ids, count = ndimage.label(mask, structure)
    sizes = ndimage.sum(mask, ids, range(1, count + 1)) * VOXEL_ML
    return np.isin(ids, 1 + np.flatnonzero(sizes >= minimum_ml))


def median(mask, radius_mm):
    size = [2 * round(radius_mm / mm) + 1 for mm in SPACING]
    return ndimage.median_filter(mask.astype("u1"), size, mode="constant") > 0


def blurred(mask, sigma_mm, outside=0):
    sigma = [sigma_mm / mm for mm in SPACING]
    return ndimage.gaussian_filter(mask.astype(float), sigma, mode="constant", cval=outside, truncate=4)


def joint(labels, sigma_mm):
    return np.argmax([blurred(labels == label, sigma_mm, outside=int(label == 0)) for label in range(4)], axis=0)


def grow(mask, mm):
    return ndimage.distance_transform_edt(~mask, sampling=SPACING) <= mm + 1e-9


def shrink(mask, mm):
    return ndimage.distance_transform_edt(mask, sampling=SPACING) > mm + 1e-9


def signed(plane, spacing):
    inside = ndimage.distance_transform_edt(plane, sampling=spacing)
    return inside - ndimage.distance_transform_edt(~plane, sampling=spacing)


def interpolate(mask, axis):
    filled = np.moveaxis(mask.copy(), axis, 0)
    spacing = [mm for other, mm in enumerate(SPACING) if other != axis]
    drawn = [k for k in range(len(filled)) if filled[k].any()]
    for low, high in zip(drawn, drawn[1:]):
        first, second = signed(filled[low], spacing), signed(filled[high], spacing)
        for k in range(low + 1, high):
            share = (k - low) / (high - low)
            filled[k] = (1 - share) * first + share * second >= 0
    return np.moveaxis(filled, 0, axis)


faces, all_26 = ndimage.generate_binary_structure(3, 1), np.ones((3, 3, 3))
speckled = blobs(0.12, 1.1)
solid = blobs(0.25, 2.2) & ~blobs(0.04, 0.3)
labels = np.zeros(DIMS, int)
labels[solid] = 2
labels[solid & blobs(0.5, 1.2)] = 1
labels[solid & blobs(0.3, 1.0)] = 3


def every(axis, step):
    sparse = np.zeros(DIMS, bool)
    keep = [slice(None)] * 3
    keep[axis] = slice(1, None, step)
    sparse[tuple(keep)] = solid[tuple(keep)]
    return sparse


golden = {
    "dims": DIMS,
    "spacingMm": SPACING,
    "speckled": pack(speckled),
    "solid": pack(solid),
    "labels": pack(labels),
    "largest": [{"connectivity": n, "expected": pack(largest(speckled, s))} for n, s in ((6, faces), (26, all_26))],
    "withoutSmall": [
        {"connectivity": n, "minimumMl": ml, "expected": pack(without_small(speckled, ml, s))}
        for n, s in ((6, faces), (26, all_26))
        for ml in (0.01, 0.1)
    ],
    "median": [{"mm": mm, "expected": pack(median(solid, mm))} for mm in (0.2, 1.2, 2.6)],
    "gaussian": [{"mm": mm, "expected": pack(blurred(solid, mm) > 0.5)} for mm in (0.1, 1.0, 2.3)],
    "joint": [{"mm": mm, "expected": pack(joint(labels, mm))} for mm in (0.1, 1.0, 2.3)],
    "grow": [{"mm": mm, "expected": pack(grow(solid, mm))} for mm in (0, 0.9, 2.5, 4.0)],
    "shrink": [{"mm": mm, "expected": pack(shrink(solid, mm))} for mm in (0, 0.9, 2.0)],
    "hollow": [{"mm": mm, "expected": pack(solid & ~shrink(solid, mm))} for mm in (0.9, 2.0)],
    "interpolated": [
        {"axis": axis, "sparse": pack(every(axis, step)), "expected": pack(interpolate(every(axis, step), axis))}
        for axis, step in ((0, 4), (1, 3), (2, 5))
    ],
}
target = ROOT / "src-main" / "imaging" / "labelmap" / "scipyGolden.json"
target.write_text(json.dumps(golden))
print(target, target.stat().st_size)
for key in ("largest", "withoutSmall", "median", "gaussian", "joint", "grow", "shrink", "hollow", "interpolated"):
    print(key, [int(np.frombuffer(zlib.decompress(base64.b64decode(e["expected"])), "u1").astype(bool).sum()) for e in golden[key]])
print(speckled.sum(), solid.sum())
