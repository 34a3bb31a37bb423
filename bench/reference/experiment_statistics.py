"""Reference numbers of src-main/experiments/statistics/*.test.ts: scipy, statsmodels, numpy.

    python bench/reference/experiment_statistics.py
"""

import numpy as np
from scipy import stats
from statsmodels.stats.multitest import multipletests

for differences in (
    [0.041, 0.012, -0.007, 0.033, 0.025, 0.008, -0.013, 0.019, 0.027, 0.004],
    [0.02, 0.03, 0.01, 0.04, 0.05],
    [1.0, -1.0, 1.0, 1.0, -2.0, 3.0],
):
    test = stats.permutation_test(
        (np.array(differences),), np.mean, permutation_type="samples", n_resamples=np.inf
    )
    print("sign flip", differences, test.pvalue)

for p_values in ([0.01, 0.04, 0.03, 0.005, 0.2], [0.6, 0.5, 0.01]):
    print("Holm", p_values, multipletests(p_values, method="holm")[1].tolist())

seeds = [
    np.array([0.01, 0.03, 0.02, 0.05, -0.01, 0.0]),
    np.array([0.02, 0.01, 0.04, 0.03, 0.02, 0.02]),
    np.array([-0.02, 0.0, 0.01, 0.01, -0.03, 0.02]),
    np.array([0.06, 0.03, 0.05, 0.04, 0.02, 0.07]),
]
rng = np.random.default_rng(1)
means = [
    np.mean([seeds[s][rng.integers(0, 6, 6)].mean() for s in rng.integers(0, 4, 4)])
    for _ in range(200_000)
]
print("hierarchical bootstrap", np.percentile(means, [2.5, 97.5]))
