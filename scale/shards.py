"""Token shards as `footfall tokenise` writes them, and batches of padded sequences cut from them."""

import glob
import json
import os

import numpy as np

from model import CLS, PAD, SEP

LENGTH_STEP = 16  # batches are padded to a multiple of this: few shapes, and tiles of the matrix unit are full


class Split:
    """One split of a shards folder: pieces of all trajectories, where hashes begin, where trajectories begin."""

    def __init__(self, folder, split):
        paths = sorted(glob.glob(os.path.join(folder, "tokens", f"{split}-*.tokens.npy")))
        if not paths:
            raise FileNotFoundError(f"{folder}/tokens holds no shard {split}-*.tokens.npy; make it with `footfall tokenise`")
        self.tokens = concatenate(paths)  # [K]
        self.starts = concatenate([path.replace(".tokens.npy", ".starts.npy") for path in paths])  # [K]
        self.offsets = join_offsets([path.replace(".tokens.npy", ".offsets.npy") for path in paths])  # [n + 1]
        if self.offsets[-1] != len(self.tokens) or len(self.starts) != len(self.tokens):
            raise ValueError(f"{folder}/tokens: shards of {split} do not fit together (tokens, starts, offsets)")

    def __len__(self):
        return len(self.offsets) - 1

    def lengths(self, T):
        """Tokens of each trajectory with [CLS] and [SEP], at most T: [n]."""
        return np.minimum(np.diff(self.offsets) + 2, T)


def concatenate(paths):
    arrays = [np.load(path, mmap_mode="r") for path in paths]
    return arrays[0] if len(arrays) == 1 else np.concatenate(arrays)


def join_offsets(paths):
    ends, base = [np.zeros(1, np.int64)], 0
    for path in paths:
        offsets = np.load(path).astype(np.int64)
        ends.append(offsets[1:] + base)
        base += offsets[-1]
    return np.concatenate(ends)


def hash_numbers(numbers):
    """FNV-1a over whole numbers, as src/core/train/state.ts has it; seven million a second."""
    result = 0x811C9DC5
    for first in range(0, len(numbers), 1 << 20):
        for number in numbers[first : first + (1 << 20)].tolist():
            result = ((result ^ number) * 0x01000193) & 0xFFFFFFFF
    return f"{result:08x}"


def describe_training(folder):
    """What a card says of the training part: trajectories, tokens and a hash of the latter."""
    split = Split(folder, "train")
    return dict(trajectories=len(split), tokens=len(split.tokens), hash=hash_numbers(split.tokens))


def read_report(folder):
    with open(os.path.join(folder, "report.json")) as file:
        return json.load(file)


def vocabulary_size(folder):
    return int(read_report(folder)["tokens"]["vocabularySize"])


def cut_windows(split, rows, T, random=None):
    """Begin and end in `split.tokens` of one window of at most T - 2 pieces per trajectory, never splitting a hash.

    Trajectories that fit are taken whole; of longer ones a window that starts at a random hash (the first
    hash where `random` is None)."""
    begin, end = split.offsets[rows].copy(), split.offsets[rows + 1]
    room = T - 2
    for row in np.flatnonzero(end - begin > room):
        first, last = begin[row], end[row]
        hashes = first + np.flatnonzero(split.starts[first:last])
        fitting = hashes[hashes <= max(last - room, first)]
        start = fitting[random.integers(len(fitting))] if random is not None else first
        stops = np.append(hashes, last)
        begin[row], end[row] = start, stops[stops <= start + room][-1]
    return begin, end


def make_batch(split, rows, T, random=None):
    """Sequences [CLS] pieces [SEP] [PAD]... and the ordinal of the hash at each place (-1 at special tokens).

    Returns ids int64 [B, t], hash_of int64 [B, t] with t <= T the longest row rounded up."""
    begin, end = cut_windows(split, np.asarray(rows), T, random)
    count = end - begin
    t = min(-(-(int(count.max()) + 2) // LENGTH_STEP) * LENGTH_STEP, T)
    place = np.arange(t)[None, :] - 1  # [1, t]; 0 is the first piece
    inside = (place >= 0) & (place < count[:, None])  # [B, t]
    source = np.where(inside, begin[:, None] + place, 0)  # [B, t]
    ids = np.where(inside, split.tokens[source].astype(np.int64), PAD)
    ids[:, 0] = CLS
    ids[np.arange(len(count)), count + 1] = SEP
    opens = inside & (split.starts[source] == 1)
    hash_of = np.where(inside, np.cumsum(opens, 1) - 1, -1)
    return ids, hash_of


def plan_epoch(lengths, batch, world, seed, epoch, pool_steps=64):
    """The order of one epoch: a list of steps, each `world` batches of `batch` rows of nearly equal length.

    Rows are shuffled, cut into pools, sorted by length inside a pool, so that padding is small and the
    processes of one step have equally much to do; the order depends on seed and epoch alone."""
    random = np.random.default_rng([seed, epoch, 1])
    order = random.permutation(len(lengths))
    size, steps = batch * world, []
    for first in range(0, len(order) - size + 1, size * pool_steps):
        pool = order[first : first + size * pool_steps]
        pool = pool[np.argsort(lengths[pool], kind="stable")]
        whole = len(pool) // size
        skip = random.integers(len(pool) - whole * size + 1)  # the few rows that fill no step are not always the longest
        groups = pool[skip : skip + whole * size].reshape(whole, world, batch)
        steps.extend(groups[random.permutation(whole)])
    if not steps:
        raise ValueError(f"{len(lengths)} trajectories do not fill one step of {world} x {batch}")
    return steps
