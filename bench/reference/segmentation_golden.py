"""Writes src-main/imaging/labelmap/segmentationGolden.json: segmentation tools computed with scipy and scikit-image.

Usage: python bench/reference/segmentation_golden.py (needs numpy, scipy and scikit-image).
"""

import base64
import json
import pathlib
import zlib

import numpy as np
from scipy import ndimage
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import dijkstra
from skimage import measure, segmentation

ROOT = pathlib.Path(__file__).resolve().parents[2]
DIMS = (17, 14, 9)
SPACING = (0.9, 1.1, 2.5)
rng = np.random.default_rng(11)


def pack(values, kind="u1"):
    raw = np.asarray(values).astype(kind).ravel(order="F").tobytes()
    return base64.b64encode(zlib.compress(raw, 9)).decode()


# The intensities are float32 so that both sides compute with the same numbers.
image = (100 * ndimage.gaussian_filter(rng.normal(size=DIMS), 1.5) + rng.normal(size=DIMS)).astype("f4")
image64 = image.astype("f8")
seed = tuple(int(v) for v in np.unravel_index(np.argmax(image), DIMS))
flat = lambda at: at[0] + DIMS[0] * (at[1] + DIMS[1] * at[2])


def connected(low, high, seeds, structure):
    ids, _ = ndimage.label((image64 >= low) & (image64 <= high), structure)
    wanted = {ids[s] for s in seeds} - {0}
    return np.isin(ids, list(wanted))


def confident(seeds, radius, multiplier, iterations):
    member = np.zeros(DIMS, bool)
    for s in seeds:
        member[tuple(slice(max(0, v - radius), v + radius + 1) for v in s)] = True
    for _ in range(iterations + 1):
        mean, deviation = image64[member].mean(), image64[member].std(ddof=1)
        low = min([mean - multiplier * deviation] + [image64[s] for s in seeds])
        high = max([mean + multiplier * deviation] + [image64[s] for s in seeds])
        member = connected(low, high, seeds, None)
    return member, low, high


def grow_from_seeds(seeds, locality):
    """Dijkstra on the whole graph of 26 neighbours, one run a label."""
    index = np.arange(image.size).reshape(DIMS)
    rows, columns, costs = [], [], []
    for offset in np.ndindex(3, 3, 3):
        d = np.array(offset) - 1
        if not d.any():
            continue
        here = tuple(slice(max(0, -v), n - max(0, v)) for v, n in zip(d, DIMS))
        there = tuple(slice(max(0, v), n - max(0, -v)) for v, n in zip(d, DIMS))
        length = np.sqrt(((d * SPACING) ** 2).sum())
        rows.append(index[here].ravel())
        columns.append(index[there].ravel())
        costs.append((np.abs(image64[here] - image64[there]) + locality * length).ravel())
    graph = coo_matrix((np.concatenate(costs), (np.concatenate(rows), np.concatenate(columns))))
    labels = sorted(set(np.unique(seeds)) - {0})
    reach = [
        dijkstra(graph.tocsr(), indices=np.flatnonzero(seeds == label), min_only=True) for label in labels
    ]
    return np.array(labels)[np.argmin(reach, axis=0)].reshape(DIMS)


def staple(readers):
    """Plain expectation maximisation over every voxel."""
    d = np.array([r.ravel() for r in readers], float)
    prior = d.mean()
    p = np.full(len(d), 0.99999)
    q = p.copy()
    for _ in range(400):
        inside = prior * np.prod(np.where(d > 0, p[:, None], 1 - p[:, None]), axis=0)
        outside = (1 - prior) * np.prod(np.where(d > 0, 1 - q[:, None], q[:, None]), axis=0)
        w = inside / (inside + outside)
        p = (d * w).sum(1) / w.sum()
        q = ((1 - d) * (1 - w)).sum(1) / (1 - w).sum()
    return w.reshape(DIMS), p, q


seeds = np.zeros(DIMS, "u1")
for label, count in ((1, 5), (2, 4), (5, 6)):
    for _ in range(count):
        seeds[tuple(rng.integers(0, DIMS))] = label

truth = ndimage.gaussian_filter(rng.normal(size=DIMS), 2.5)
truth = truth > np.quantile(truth, 0.7)
readers = [truth ^ (rng.random(DIMS) < noise) for noise in (0.03, 0.1, 0.2)]
probability, sensitivity, specificity = staple(readers)

within = ndimage.gaussian_filter(rng.normal(size=DIMS), 2) > -0.05
region, low, high = confident([seed], 1, 2.0, 3)

axes = np.meshgrid(*[np.arange(n) * mm for n, mm in zip((24, 22, 14), SPACING)], indexing="ij")
ball = (7 - np.sqrt(sum((a - c) ** 2 for a, c in zip(axes, (10, 11.5, 17))))).astype("f4")
vertices, faces, _, _ = measure.marching_cubes(ball, 0, spacing=SPACING)
corners = vertices[faces]

golden = {
    "dims": DIMS,
    "spacingMm": SPACING,
    "image": pack(image, "<f4"),
    "seed": flat(seed),
    "region": {"low": 4.0, "high": 100.0, "expected": {
        "6": pack(connected(4.0, 100.0, [seed], None)),
        "26": pack(connected(4.0, 100.0, [seed], np.ones((3, 3, 3)))),
    }},
    "confident": {"expected": pack(region), "low": low, "high": high},
    "seeds": pack(seeds),
    "grown": [{"locality": v, "expected": pack(grow_from_seeds(seeds, v))} for v in (0.0, 3.0)],
    "watershed": {
        "everywhere": pack(segmentation.watershed(image, seeds.astype("i4"), connectivity=1)),
        "within": pack(within),
        "expected": pack(segmentation.watershed(image, seeds.astype("i4"), connectivity=1, mask=within)),
    },
    "readers": [pack(r) for r in readers],
    "staple": {
        "probability": pack(probability, "<f4"),
        "sensitivity": list(sensitivity),
        "specificity": list(specificity),
    },
    "ball": {
        "dims": ball.shape,
        "centreMm": (10, 11.5, 17),
        "radiusMm": 7,
        "areaMm2": float(measure.mesh_surface_area(vertices, faces)),
        "volumeMl": float(abs(np.einsum("ij,ij->i", corners[:, 0], np.cross(corners[:, 1], corners[:, 2])).sum()) / 6000),
    },
}
path = ROOT / "src-main/imaging/labelmap/segmentationGolden.json"
path.write_text(json.dumps(golden, indent=2) + "\n")
