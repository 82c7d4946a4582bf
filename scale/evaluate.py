"""Perplexity of a masked language model per token and per cell, on hashes masked whole.

A cell's negative log-likelihood is the sum over its pieces, scored independently (every piece hidden) or
in sequence (each piece with the earlier pieces of its own hash visible; the other masked hashes stay hidden).

    python3 scale/evaluate.py --model DIR --data SHARDS [--split test] [--sequences 2000]
"""

import argparse
import json
import math

import numpy as np
import torch
from torch.nn.functional import cross_entropy

from masking import MASK, choose_hashes, per_hash, piece_places
from shards import Split, make_batch


def piece_losses(model, inputs, targets, places, device):
    """Negative log-likelihood of the true pieces at `places` (bool [B, t]) given the masked input: [M]."""
    flat = torch.from_numpy(np.flatnonzero(places)).to(device)
    logits = model(torch.from_numpy(inputs).to(device), flat)  # [M, V]
    return cross_entropy(logits, torch.from_numpy(targets[places]).to(device), reduction="none").cpu().numpy()


def sequential_losses(model, ids, hidden, ordinal, device):
    """Loss of each hidden piece with the earlier pieces of its hash filled in: [B, t], 0 elsewhere."""
    losses = np.zeros(ids.shape)
    for piece in range(int(ordinal[hidden].max()) + 1):
        now = hidden & (ordinal == piece)
        if now.any():
            inputs = np.where(hidden & (ordinal >= piece), MASK, ids)
            losses[now] = piece_losses(model, inputs, ids, now, device)
    return losses


def seen_elsewhere(ids, hash_of, hidden, ordinal):
    """Whether the hash at each place also stands unmasked in its row (it could be copied): [B, t]."""
    code = np.zeros((len(ids), int(hash_of.max()) + 1), np.int64)
    rows = np.broadcast_to(np.arange(len(ids))[:, None], ids.shape)
    inside = hash_of >= 0
    for piece in range(int(ordinal.max()) + 1):
        now = inside & (ordinal == piece)
        code[rows[now], hash_of[now]] += ids[now] * 65537**piece
    masked = np.zeros(code.shape, bool)
    masked[rows[hidden], hash_of[hidden]] = True
    visible = np.where(masked, -1, code)
    seen = (code[:, :, None] == visible[:, None, :]).any(2)  # [B, hashes]
    return per_hash(seen, hash_of) & inside


@torch.no_grad()
def evaluate(model, split, T, rate=0.2, sequences=1000, batch=64, seed=0, rank=0, world=1, device="cpu"):
    """Sums over this process's share of the first `sequences` trajectories; `summarise` turns sums into perplexities."""
    model.eval()
    rows = np.arange(min(sequences, len(split)))
    rows = rows[np.argsort(split.lengths(T)[rows], kind="stable")]
    sums = np.zeros(7)  # in the order of `summarise`
    for first in range(rank * batch, len(rows), batch * world):
        random = np.random.default_rng([seed, first, 2])
        ids, hash_of = make_batch(split, rows[first : first + batch], T)
        hidden = choose_hashes(hash_of, rate, random)
        ordinal, _ = piece_places(hash_of)
        independent = piece_losses(model, np.where(hidden, MASK, ids), ids, hidden, device).sum()
        sequential = sequential_losses(model, ids, hidden, ordinal, device)
        new = hidden & ~seen_elsewhere(ids, hash_of, hidden, ordinal)
        heads = hidden & (ordinal == 0)
        found = [hidden.sum(), independent, sequential.sum(), heads.sum()]
        sums += found + [sequential[new].sum(), (new & heads).sum(), sequential[heads].sum()]
    model.train()
    return sums


def summarise(sums):
    pieces, independent, sequential, cells, new_loss, new_cells, heads = (float(value) for value in sums)
    return {
        "perplexity": perplexity(independent, pieces),
        "cellPerplexity": perplexity(independent, cells),
        "sequentialCellPerplexity": perplexity(sequential, cells),
        "newCellPerplexity": perplexity(new_loss, new_cells),
        "firstPiecePerplexity": perplexity(heads, cells),
        "maskedCells": int(cells),
    }


def perplexity(loss, count):
    return round(math.exp(min(loss / max(count, 1), 50)), 4)


def main():
    from folder import read_model

    parser = argparse.ArgumentParser(description="perplexity of a model folder on token shards")
    parser.add_argument("--model", required=True, help="Hugging Face folder")
    parser.add_argument("--data", required=True, help="folder that `footfall tokenise` wrote")
    parser.add_argument("--split", default="test", choices=["train", "validation", "test"])
    parser.add_argument("--sequences", type=int, default=2000)
    parser.add_argument("--rate", type=float, default=0.2, help="share of hashes masked")
    options = parser.parse_args()
    model = read_model(options.model)
    sums = evaluate(model, Split(options.data, options.split), model.config.max_position_embeddings, options.rate, options.sequences)
    print(json.dumps({"split": options.split, "rate": options.rate, **summarise(sums)}))


if __name__ == "__main__":
    main()
