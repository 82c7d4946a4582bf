"""Writes sequence-metrics.json: rank metrics by scikit-learn, Kendall's tau by SciPy, DTW and GEO-BLEU by their formulas.

DTW is the plain recursion over all paths, GEO-BLEU a literal reading of Shimizu, Yabe and Tsubouchi (2022).

Run from the repository root (Debian: python3-sklearn):
    /usr/bin/python3 test/reference/make_sequence_reference.py
"""

import json
from functools import lru_cache
from pathlib import Path

import numpy as np
import sklearn
from scipy.stats import gmean, kendalltau
from sklearn.metrics import label_ranking_average_precision_score, top_k_accuracy_score

COMMAND = "/usr/bin/python3 test/reference/make_sequence_reference.py"


def ranking(random):
    """Scores of 12 classes for 30 questions, each with one true class."""
    scores = np.round(random.normal(size=(30, 12)), 3)
    truth = random.integers(0, 12, 30)
    one_hot = np.eye(12, dtype=int)[truth]
    order = np.argsort(-scores, axis=1, kind="stable")
    ranks = [int(np.where(row == true)[0][0]) for row, true in zip(order, truth)]
    hits = {k: top_k_accuracy_score(truth, scores, k=k, labels=range(12)) for k in (1, 5)}
    # with one true label the average precision of a question is 1 / its place
    mrr = label_ranking_average_precision_score(one_hot, scores)
    return {"ranks": ranks, "hits1": hits[1], "hits5": hits[5], "mrr": mrr}


def dtw(distance):
    n, m = distance.shape

    @lru_cache(None)
    def least(i, j):
        if i == 0 and j == 0:
            return distance[0, 0]
        ways = [least(*at) for at in ((i - 1, j), (i, j - 1), (i - 1, j - 1)) if min(at) >= 0]
        return distance[i, j] + min(ways)

    return float(least(n - 1, m - 1))


def geo_bleu(distance, longest, beta):
    n, m = distance.shape
    close = np.exp(-beta * distance)
    means = []
    for size in range(1, min(longest, n, m) + 1):
        left, right = n - size + 1, m - size + 1
        grid = np.ones((left, right))
        for k in range(size):
            grid *= close[k : k + left, k : k + right]
        total = 0.0
        for _ in range(min(left, right)):
            i, j = np.unravel_index(np.argmax(grid), grid.shape)
            total += grid[i, j]
            grid[i, :] = -1
            grid[:, j] = -1
        means.append(total / left)
    return float((1.0 if n > m else np.exp(1 - m / n)) * gmean(means))


def sequences(random):
    cases = []
    for n, m in ((1, 1), (6, 6), (4, 9), (9, 4), (2, 7)):
        a, b = np.round(random.normal(size=(n, 2)) * 3, 3), np.round(random.normal(size=(m, 2)) * 3, 3)
        distance = np.hypot(*(a[:, None, :] - b[None, :, :]).transpose(2, 0, 1))
        cases.append(
            {
                "a": a.tolist(),
                "b": b.tolist(),
                "dtw": dtw(distance),
                "geoBleu": geo_bleu(distance, 3, 0.5),
                "geoBleu5": geo_bleu(distance, 5, 0.2),
            }
        )
    return cases


def kendall(random):
    a, b = random.integers(0, 10, 60), random.integers(0, 10, 60)
    return {"a": a.tolist(), "b": b.tolist(), "tau": float(kendalltau(a, b)[0])}


def main():
    random = np.random.default_rng(123)
    document = {
        "command": COMMAND,
        "scikit-learn": sklearn.__version__,
        "ranking": ranking(random),
        "sequences": sequences(random),
        "kendall": kendall(random),
    }
    path = Path(__file__).with_name("sequence-metrics.json")
    path.write_text(json.dumps(document, indent=1) + "\n")


main()
