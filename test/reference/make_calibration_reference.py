"""Writes calibration.json: scikit-learn's reliability curve, its expected calibration error, and tenths of guesses.

Run from the repository root (Debian: python3-sklearn):
    /usr/bin/python3 test/reference/make_calibration_reference.py
"""

import json
from pathlib import Path

import numpy as np
import sklearn
from sklearn.calibration import calibration_curve

COMMAND = "/usr/bin/python3 test/reference/make_calibration_reference.py"


def classes(random):
    # edges of bins and certainty are among them; nothing lies in (0.1, 0.2]
    confidence = np.concatenate([np.round(0.2 + 0.8 * random.random(80), 4), [0, 0.05, 0.3, 0.5, 0.7, 1]])
    right = (random.random(confidence.size) < confidence**1.5).astype(int)
    found, said = calibration_curve(right, confidence, n_bins=10, strategy="uniform")
    edges = np.linspace(0, 1, 11)
    weights = np.bincount(np.searchsorted(edges[1:-1], confidence), minlength=10)
    error = np.average(np.abs(found - said), weights=weights[weights > 0])
    return {
        "confidence": confidence.tolist(),
        "right": right.tolist(),
        "said": said.tolist(),
        "found": found.tolist(),
        "error": float(error),
    }


def numbers(random):
    truth = np.round(random.lognormal(0, 1, 73), 4)
    guess = np.round(0.5 * truth + random.normal(size=73), 4)
    groups = np.array_split(np.argsort(guess, kind="stable"), 10)
    return {
        "truth": truth.tolist(),
        "guess": guess.tolist(),
        "said": [float(guess[group].mean()) for group in groups],
        "found": [float(truth[group].mean()) for group in groups],
    }


def main():
    random = np.random.default_rng(25)
    document = {
        "command": COMMAND,
        "versions": {"sklearn": sklearn.__version__, "numpy": np.__version__},
        "classes": classes(random),
        "numbers": numbers(random),
    }
    path = Path(__file__).with_name("calibration.json")
    path.write_text(json.dumps(document) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
