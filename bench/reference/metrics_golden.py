"""Writes src-main/imaging/metrics/referenceGolden.json: metrics of small labelmaps from independent code.

Usage: python bench/reference/metrics_golden.py SURFACE_DISTANCE BRATS_2023_METRICS
Needs numpy, scipy, nibabel and pandas, and checkouts of github.com/google-deepmind/surface-distance and
github.com/rachitsaluja/BraTS-2023-Metrics. scipy stands in for the latter's cc3d.
"""

import base64
import json
import pathlib
import sys
import tempfile
import types
import zlib

import nibabel as nib
import numpy as np
import pandas as pd
from scipy import ndimage

# Both packages were written for an older numpy, scipy and pandas.
np.bool, np.Inf = bool, np.inf
ndimage.filters = ndimage.morphology = ndimage
pd.DataFrame.append = lambda self, other: self


def replace(frame, old, new, inplace=False):
    """DataFrame.replace, which no longer takes cells that hold arrays."""
    target = frame if inplace else frame.copy()
    for column in target.columns:
        target[column] = [new if np.isscalar(cell) and cell == old else cell for cell in target[column]]
    return None if inplace else target


pd.DataFrame.replace = replace
cc3d = types.ModuleType("cc3d")
cc3d.connected_components = lambda mask, connectivity: ndimage.label(mask, np.ones((3, 3, 3)))[0]
sys.modules["cc3d"] = cc3d
sys.path[:0] = [sys.argv[1]]
import surface_distance
from surface_distance import lookup_tables

sys.path[:0] = [sys.argv[2]]
import metrics as brats_2023

strict = surface_distance.compute_surface_distances
surface_distance.compute_surface_distances = lambda a, b, mm: strict(a.astype(bool), b.astype(bool), mm)

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
        return {**result, "maxDirected": None, "pooled": None,
                "areaWeighted": None, "surfaceDice1": None, "surfaceDice2": None}
    a, b = surface(reference), surface(predicted)
    to_b = ndimage.distance_transform_edt(~b, sampling=SPACING)[a]
    to_a = ndimage.distance_transform_edt(~a, sampling=SPACING)[b]
    surfels = surface_distance.compute_surface_distances(reference, predicted, SPACING)
    every = np.concatenate([to_b, to_a])
    return {
        **result,
        "maxDirected": float(max(np.percentile(to_b, 95), np.percentile(to_a, 95))),
        "areaWeighted": float(surface_distance.compute_robust_hausdorff(surfels, 95)),
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

# Their bit for corner (x, y, z) is 7 - 4x - 2y - z; ours is x + 2y + 4z.
theirs = lookup_tables.create_table_neighbour_code_to_surface_area(SPACING)
bit = [(c & 1) + 2 * (c >> 1 & 1) + 4 * (c >> 2 & 1) for c in range(8)]
their_bit = [7 - 4 * (c & 1) - 2 * (c >> 1 & 1) - (c >> 2 & 1) for c in range(8)]
golden["surfelAreas"] = [
    float(theirs[sum(((code >> c) & 1) << their_bit[c] for c in range(8))]) for code in range(256)
]


def ball(labels, centre, radius, value):
    grid = np.indices(labels.shape)
    labels[sum((axis - c) ** 2 for axis, c in zip(grid, centre)) <= radius**2] = value


def lesion_case(reference_balls, predicted_balls, spacing):
    volumes = []
    with tempfile.TemporaryDirectory() as folder:
        for name, balls in (("gt", reference_balls), ("pred", predicted_balls)):
            labels = np.zeros((44, 36, 24), "u1")
            for centre, radius, value in balls:
                ball(labels, centre, radius, value)
            volumes.append(labels)
            nib.save(nib.Nifti1Image(labels, np.diag([*spacing, 1.0])), f"{folder}/{name}.nii.gz")
        results = brats_2023.get_LesionWiseResults(f"{folder}/pred.nii.gz", f"{folder}/gt.nii.gz", "BraTS-GLI")
    regions = {
        row["Labels"]: {
            "dice": float(row["LesionWise_Score_Dice"]),
            "hd95Mm": float(row["LesionWise_Score_HD95"]),
            "found": int(row["Num_TP"]),
            "missed": int(row["Num_FN"]),
            "madeUp": int(row["Num_FP"]),
        }
        for _, row in results.iterrows()
    }
    return {"spacingMm": spacing, "reference": pack(volumes[0]), "predicted": pack(volumes[1]), "regions": regions}


one_lesion = [((12, 12, 10), 7, 2), ((12, 12, 10), 5, 1), ((13, 12, 10), 3, 3)]
second_lesion = [((34, 26, 14), 5, 2), ((34, 26, 14), 3, 3)]
satellite = [((12, 23, 10), 2, 3)]
speck = [((40, 4, 20), 1, 3)]
moved = [((x + 2, y - 1, z), r - 1, v) for (x, y, z), r, v in one_lesion]
golden["lesionDims"] = [44, 36, 24]
golden["lesions"] = {
    "one found": lesion_case(one_lesion, moved, (1.0, 1.0, 1.0)),
    "one found, one missed": lesion_case(one_lesion + second_lesion, moved, (1.0, 1.0, 1.0)),
    "one found, two made up": lesion_case(one_lesion, moved + second_lesion + speck, (1.0, 1.0, 1.0)),
    "a satellite within reach joins its lesion": lesion_case(one_lesion + satellite, moved, (1.0, 1.0, 1.0)),
    "a speck of the reference is left out": lesion_case(one_lesion + speck, moved, (1.0, 1.0, 1.0)),
    "the same speck counts where voxels are large": lesion_case(one_lesion + speck, moved, (2.0, 2.0, 2.0)),
    "one piece across two lesions": lesion_case(
        one_lesion + second_lesion, [((23, 18, 12), 14, 2)] + moved, (1.0, 1.0, 2.5)
    ),
    "nothing predicted": lesion_case(one_lesion, [], (1.0, 1.0, 1.0)),
    "nothing there": lesion_case([], second_lesion, (1.0, 1.0, 1.0)),
    "nothing at all": lesion_case([], [], (1.0, 1.0, 1.0)),
    "only a speck": lesion_case(speck, [], (1.0, 1.0, 1.0)),
}
target = ROOT / "src-main" / "imaging" / "metrics" / "referenceGolden.json"
target.write_text(json.dumps(golden))
print(target, target.stat().st_size)
