"""Writes metrics.json: what scikit-learn and NumPy say about small made-up problems.

Run from the repository root (Debian: python3-sklearn):
    /usr/bin/python3 test/reference/make_metrics_reference.py
"""

import json
from pathlib import Path

import numpy as np
import sklearn
from scipy.stats import pearsonr
from sklearn import metrics as m
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.preprocessing import StandardScaler

COMMAND = "/usr/bin/python3 test/reference/make_metrics_reference.py"


def classification(truth, predicted):
    weighted = {"average": "weighted", "zero_division": 0}
    return {
        "truth": truth,
        "predicted": predicted,
        "accuracy": m.accuracy_score(truth, predicted),
        "balancedAccuracy": m.recall_score(
            truth, predicted, labels=sorted(set(truth)), average="macro", zero_division=0
        ),
        "precision": m.precision_score(truth, predicted, **weighted),
        "recall": m.recall_score(truth, predicted, **weighted),
        "f": m.f1_score(truth, predicted, **weighted),
    }


def regression(truth, predicted):
    return {
        "truth": truth,
        "predicted": predicted,
        "mae": m.mean_absolute_error(truth, predicted),
        "mape": m.mean_absolute_percentage_error(truth, predicted),
        "rmse": float(np.sqrt(m.mean_squared_error(truth, predicted))),
        "r2": m.r2_score(truth, predicted),
        "pearson": float(pearsonr(truth, predicted)[0]),
    }


def features(random, count, width):
    scale = np.array([1.0, 10.0, 0.1, 3.0, 1.0])[:width]
    return np.round(random.normal(size=(count, width)) * scale + scale, 4)


def ridge(random):
    x = features(random, 60, 5)
    y = np.round(x @ random.normal(size=(5, 2)) + random.normal(size=(60, 2)), 4)
    scaler = StandardScaler().fit(x[:40])
    cases = []
    for strength in (0.01, 1.0, 100.0):
        model = Ridge(alpha=strength).fit(scaler.transform(x[:40]), y[:40])
        predicted = model.predict(scaler.transform(x[40:]))
        cases.append({"lambda": strength, "predicted": predicted.ravel().tolist()})
    return {
        "width": 5,
        "targetCount": 2,
        "trainCount": 40,
        "features": x.ravel().tolist(),
        "targets": y.ravel().tolist(),
        "cases": cases,
    }


def logistic(random):
    x = features(random, 90, 4)
    scores = StandardScaler().fit_transform(x) @ random.normal(size=(4, 3)) * 1.5
    y = (scores + random.gumbel(size=scores.shape)).argmax(axis=1)
    scaler = StandardScaler().fit(x[:60])
    cases = []
    for strength in (0.1, 1.0, 30.0):
        model = LogisticRegression(
            C=1 / strength, solver="newton-cg", tol=1e-8, max_iter=1000
        )
        model.fit(scaler.transform(x[:60]), y[:60])
        probabilities = model.predict_proba(scaler.transform(x[60:]))
        cases.append({"lambda": strength, "probabilities": probabilities.ravel().tolist()})
    return {
        "width": 4,
        "classCount": 3,
        "trainCount": 60,
        "features": x.ravel().tolist(),
        "classes": y.tolist(),
        "cases": cases,
    }


def main():
    random = np.random.default_rng(20)
    truth = random.integers(0, 5, 60)
    predicted = np.where(random.random(60) < 0.5, truth, random.integers(0, 5, 60))
    population = np.round(random.lognormal(2, 1.5, 50), 3)
    guess = np.round(population * random.lognormal(0, 0.4, 50) + 1, 3)
    values = np.round(random.lognormal(0, 2, 73), 4)
    document = {
        "command": COMMAND,
        "versions": {"sklearn": sklearn.__version__, "numpy": np.__version__},
        "classification": [
            classification(truth.tolist(), predicted.tolist()),
            # class 2 never guessed, class 3 never true
            classification([0, 0, 1, 1, 2, 0], [0, 1, 1, 1, 3, 0]),
        ],
        "regression": [regression(population.tolist(), guess.tolist())],
        "deciles": {
            "values": values.tolist(),
            "edges": np.quantile(values, np.arange(1, 10) / 10).tolist(),
        },
        "ridge": ridge(random),
        "logistic": logistic(random),
    }
    path = Path(__file__).with_name("metrics.json")
    path.write_text(json.dumps(document) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
