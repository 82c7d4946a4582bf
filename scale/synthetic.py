"""Tiny token shards in the format of `footfall tokenise`, for tests and smoke runs: seeded walks on a ring of places."""

import json
import os

import numpy as np


def write_shards(folder, trajectories=200, parents=12, digits=20, pieces=2, longest=24, seed=0):
    """Each trajectory steps along `parents` x `digits` places one or two at a time; a hash is a parent and `pieces` - 1 digits."""
    random = np.random.default_rng(seed)
    os.makedirs(os.path.join(folder, "tokens"), exist_ok=True)
    splits = {}
    for split, share in (("train", 0.7), ("validation", 0.15), ("test", 0.15)):
        lengths = random.integers(3, longest + 1, max(4, int(trajectories * share)))
        walks = [random.integers(parents * digits) + np.cumsum(random.integers(1, 3, length)) for length in lengths]
        places = np.concatenate(walks) % (parents * digits)
        columns = [5 + places // digits] + [5 + parents + (places * (k + 1)) % digits for k in range(pieces - 1)]
        tokens = np.stack(columns, 1).astype(np.uint16)  # [cells, pieces]
        starts = np.zeros(tokens.shape, np.uint8)
        starts[:, 0] = 1
        offsets = np.concatenate([[0], np.cumsum(lengths) * pieces]).astype(np.uint32)
        base = os.path.join(folder, "tokens", f"{split}-00000")
        for name, array in (("tokens", tokens.ravel()), ("starts", starts.ravel()), ("offsets", offsets)):
            np.save(f"{base}.{name}.npy", array)
        splits[split] = dict(shards=[f"{split}-00000"], trajectories=len(lengths), tokens=tokens.size, cells=len(places))
    report = dict(tokens=dict(splits=splits, vocabularySize=5 + parents + digits))
    with open(os.path.join(folder, "report.json"), "w") as file:
        json.dump(report, file)
