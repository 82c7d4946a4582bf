"""Whole-hash masking: all pieces of a chosen hash are hidden together (paper 1, A.3.1: 20 %)."""

from dataclasses import dataclass

import numpy as np

from model import MASK

FIRST_PIECE = 5  # ids below are special tokens


@dataclass
class Masking:
    rate: float = 0.2  # share of the hashes of a sequence that is chosen
    reveal: float = 0.0  # share of the chosen whose first pieces stay visible, so that later pieces given earlier ones are learnt
    mask_share: float = 0.8  # hidden pieces that become [MASK]
    random_share: float = 0.1  # hidden pieces that become a random piece; the rest stays as it is


def choose_hashes(hash_of, rate, random):
    """Whether each place belongs to a chosen hash: [B, t]; at least one hash a row, on average `rate` of them."""
    count = hash_of.max(1) + 1  # [B]
    keys = random.random((len(hash_of), int(count.max())))
    keys[np.arange(keys.shape[1])[None, :] >= count[:, None]] = 2.0
    rank = keys.argsort(1).argsort(1)
    wanted = np.maximum(1, np.floor(rate * count + random.random(len(count))))
    chosen = rank < wanted[:, None]  # [B, hashes]
    return np.take_along_axis(chosen, np.maximum(hash_of, 0), 1) & (hash_of >= 0)


def piece_places(hash_of):
    """Ordinal of each piece in its hash and how many pieces that hash has: two [B, t], 0 at special tokens."""
    B, t = hash_of.shape
    opens = np.ones((B, t), bool)
    opens[:, 1:] = hash_of[:, 1:] != hash_of[:, :-1]
    index = np.broadcast_to(np.arange(t), (B, t))
    ordinal = index - np.maximum.accumulate(np.where(opens, index, 0), 1)
    flat = np.cumsum(opens.ravel()) - 1
    size = np.bincount(flat)[flat].reshape(B, t)
    inside = hash_of >= 0
    return np.where(inside, ordinal, 0), np.where(inside, size, 0)


def per_hash(values, hash_of):
    """Spreads one value per (row, hash ordinal) to every place of that hash: values [B, hashes] -> [B, t]."""
    return np.take_along_axis(values, np.maximum(hash_of, 0), 1)


def mask_batch(ids, hash_of, masking, vocabulary, random):
    """Input with hidden pieces and which places are scored: (int64 [B, t], bool [B, t])."""
    chosen = choose_hashes(hash_of, masking.rate, random)
    hidden = chosen
    if masking.reveal > 0:
        ordinal, size = piece_places(hash_of)
        shape = (len(ids), int(hash_of.max()) + 1)
        revealing = per_hash(random.random(shape) < masking.reveal, hash_of)
        prefix = np.floor(per_hash(random.random(shape), hash_of) * size)  # 0 .. size - 1
        hidden = chosen & ~(revealing & (ordinal < prefix))
    return corrupt(ids, hidden, masking, vocabulary, random), hidden


def corrupt(ids, hidden, masking, vocabulary, random):
    draw = random.random(ids.shape)
    out = np.where(hidden & (draw < masking.mask_share), MASK, ids)
    swapped = hidden & (draw >= masking.mask_share) & (draw < masking.mask_share + masking.random_share)
    return np.where(swapped, random.integers(FIRST_PIECE, vocabulary, ids.shape), out)
