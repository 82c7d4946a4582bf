"""Trains two processes for a few steps on synthetic shards and writes what TypeScript compares its own forward pass to.

    python3 scale/smoke.py --out DIR

DIR/model is the Hugging Face folder, DIR/ids.json rows of token ids (padded with 0), DIR/hidden.npy
[B, T, C] and DIR/logits.npy [B, T, V] what PyTorch computes for them in float32.
"""

import argparse
import json
import os
import subprocess
import sys

import numpy as np
import torch

from folder import read_model
from shards import Split, make_batch
from synthetic import write_shards

HERE = os.path.dirname(os.path.abspath(__file__))
TINY = "--layers 2 --width 32 --heads 4 --feed-forward 64 --max-length 32 --batch 8 --log-every 4 --evaluations 2".split()

# What --standalone means, on a port of its own: two runs on one machine would else share one store, and the
# second waits for ever when the first is paused.
OWN_STORE = ["--rdzv_backend", "c10d", "--rdzv_endpoint", "localhost:0", "--rdzv_id", "smoke"]


def torchrun(processes):
    """The command that starts `processes` processes on this machine, what torchrun is short for.

    Debian's torch 1.13 under Python 3.11 fails on torchrun's default "redirect nothing" (and on "both"): an
    enumeration no longer lists its zero and its compounds. Redirecting stderr and copying it to the screen works."""
    return [sys.executable, "-m", "torch.distributed.run", *OWN_STORE, "--nproc_per_node", str(processes), "-r", "2", "-t", "2"]


def train(data, out, *arguments, processes=1):
    start = torchrun(processes) if processes > 1 else [sys.executable]
    command = [*start, os.path.join(HERE, "train.py"), "--data", data, "--out", out, *TINY, *arguments]
    done = subprocess.run(command, env={**os.environ, "OMP_NUM_THREADS": "1"}, capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)} ended with status {done.returncode}:\n{done.stderr[-3000:]}")


@torch.no_grad()
def write_reference(data, out, model):
    ids, _ = make_batch(Split(data, "test"), range(4), model.config.max_position_embeddings)
    states = model.hidden(torch.from_numpy(ids))
    with open(os.path.join(out, "ids.json"), "w") as file:
        json.dump(ids.tolist(), file)
    np.save(os.path.join(out, "hidden.npy"), states[-1].numpy())
    np.save(os.path.join(out, "logits.npy"), model.logits(states[-1]).numpy())


def main():
    parser = argparse.ArgumentParser(description="two-process smoke run")
    parser.add_argument("--out", required=True)
    parser.add_argument("--steps", default="12")
    options = parser.parse_args()
    data, folder = os.path.join(options.out, "shards"), os.path.join(options.out, "model")
    write_shards(data)
    train(data, folder, "--steps", options.steps, "--fresh", processes=2)
    write_reference(data, options.out, read_model(folder))
    print(json.dumps({"model": folder, "log": os.path.join(folder, "training.jsonl")}))


if __name__ == "__main__":
    main()
