"""How well a plain linear classifier tells ET from NCR on one sequence of a synthetic cohort.

    python bench/reference/kappa_separability.py COHORT_FOLDER

Features per voxel of the core: intensity, local means and deviations, gradient, band-pass, their squares; in the second
column also the distances to the surface of the whole tumour and of the core, read from the true labels. Trained on the first
two thirds of the cases, area under the ROC curve averaged over the rest. 0.5 is chance. Needs numpy, scipy, nibabel.
"""
import sys
from pathlib import Path

import nibabel as nib
import numpy as np
from scipy.ndimage import distance_transform_edt, gaussian_filter, gaussian_gradient_magnitude, uniform_filter


def features(folder, sequence):
    load = lambda kind: np.asanyarray(nib.load(folder / f"{folder.name}_{kind}.nii.gz").dataobj)
    image, labels = load(sequence).astype(float), load("seg")
    image /= np.median(image[image > 0])
    core = (labels == 1) | (labels == 4)
    local = [image] + [uniform_filter(image, n) for n in (3, 5, 9)]
    for n in (3, 5):
        variance = uniform_filter(image * image, n) - uniform_filter(image, n) ** 2
        local.append(np.sqrt(np.maximum(0, variance)))
    local += [gaussian_gradient_magnitude(image, 1), gaussian_filter(image, 1) - gaussian_filter(image, 2.5)]
    placed = local + [distance_transform_edt(labels > 0), distance_transform_edt(core)]
    columns = [np.stack([f[core] for f in fields], 1) for fields in (local, placed)]
    return [np.concatenate([c, c * c], 1) for c in columns], labels[core] == 4


def area_under_curve(score, truth):
    rank, positive = score.argsort().argsort(), truth.sum()
    return (rank[truth].sum() - positive * (positive - 1) / 2) / (positive * (len(truth) - positive))


cases = sorted(p for p in Path(sys.argv[1]).iterdir() if p.is_dir() and not p.name.startswith("."))
for sequence in ("flair", "t1", "t2", "t1ce"):
    data = [features(folder, sequence) for folder in cases]
    train, test = data[: 2 * len(data) // 3], data[2 * len(data) // 3 :]
    line = []
    for kind in (0, 1):
        x, y = np.concatenate([d[0][kind] for d in train]), np.concatenate([d[1] for d in train])
        mean, spread = x.mean(0), x.std(0)
        standard = lambda v: np.c_[(v - mean) / spread, np.ones(len(v))]
        x = standard(x)
        weights = np.linalg.solve(x.T @ x + 10 * np.eye(x.shape[1]), x.T @ (y - 0.5))
        areas = [
            area_under_curve(standard(d[0][kind]) @ weights, d[1])
            for d in test
            if min(d[1].sum(), (~d[1]).sum()) >= 30
        ]
        line.append(f"{np.mean(areas):.2f} ± {np.std(areas) / len(areas) ** 0.5:.2f}")
    print(f"{sequence:6} local look {line[0]}   with place in the tumour {line[1]}")
