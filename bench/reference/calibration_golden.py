"""Temperature, negative log-likelihood and expected calibration error of a fixed sample, by numpy and scipy."""

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax

N, CLASSES = 400, 4
z = np.float32(6 * np.sin(1 + 12.9898 * np.arange(N * CLASSES))).reshape(N, CLASSES).astype(float)
n = np.arange(N)
y = np.where(n % 3 == 0, n % CLASSES, z.argmax(1))


def nll(t):
    return -log_softmax(z / t, axis=1)[n, y].mean()


def ece(t, bins=15):
    p = np.exp(log_softmax(z / t, axis=1))
    confidence, right = p.max(1), p.argmax(1) == y
    index = np.minimum(bins - 1, np.floor(confidence * bins).astype(int))
    total = 0.0
    for b in range(bins):
        inside = index == b
        if inside.any():
            total += inside.mean() * abs(right[inside].mean() - confidence[inside].mean())
    return total


t = np.exp(minimize_scalar(lambda u: nll(np.exp(u)), bounds=(np.log(0.2), np.log(10)), method="bounded", options={"xatol": 1e-9}).x)
print("temperature", t, "nll", nll(1), nll(t), "ece", ece(1), ece(t))
