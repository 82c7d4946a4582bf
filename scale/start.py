"""A start in which attention already looks somewhere useful; everything stays free to learn.

From N(0, 0.02) alone, masked trajectories stay long on a plateau: the model finds the parents but neither
copies the digits of a place that it can see nor interpolates them (docs/scale.md). Copying needs two heads in
a row: one that fetches the piece before, one that matches on what was fetched ("induction heads", Olsson et
al. 2022). Neither helps without the other, so neither is found soon. In the spirit of mimetic initialisation
(Trockman & Kolter 2023) they are laid out at the start:

- the first D = C / H dimensions of the embeddings carry sinusoidal positions, the last D nothing;
- heads of layer 0 look at offsets -1, +1, -2, +2: their queries are the keys' sinusoids, rotated;
  the first head writes what it fetched into the empty dimensions, the others beside the words;
- the first head of layer 1 compares those dimensions (query = key): it finds pieces that follow the same piece.
"""

import math

import torch

OFFSETS = (-1, 1, -2, 2)
FASTEST, SLOWEST = 2.5, 0.025  # radians per place: from telling neighbours apart to spanning a sequence
POSITION_SCALE = 0.04  # words have 0.02: heads of layer 0 should see positions before words
SHARPNESS, EQUALITY, VALUE = 1.5, 8.0, 1.4  # gains, set so that most of the weight lies where it should


@torch.no_grad()
def lay_out_heads(model):
    """Overwrites embeddings and attention of layers 0 and 1; draws from torch's random state."""
    C, H = model.config.hidden_size, model.config.num_attention_heads
    D = C // H
    if H < 3 or len(model.bert.encoder.layer) < 2:
        raise ValueError(f"the start \"heads\" needs at least 3 heads and 2 layers, got {H} and {len(model.bert.encoder.layer)}")
    place, words, empty = slice(0, D), slice(D, C - D), slice(C - D, C)
    lay_out_embeddings(model.bert.embeddings, D, place, empty)
    first, second = (layer.attention for layer in model.bert.encoder.layer[:2])
    for head in range(H):
        rows = slice(head * D, (head + 1) * D)
        look_at_offset(first["self"], rows, place, OFFSETS[head % len(OFFSETS)])
        carry(first, rows, words, empty if head == 0 else slice(0, C - D), VALUE)
        carry(second, rows, words, words, 1.0)
    for part in (second["self"].query, second["self"].key):
        part.weight[:D] = 0
        part.weight[:D, empty] = math.sqrt(EQUALITY) * torch.eye(D)


def lay_out_embeddings(embeddings, D, place, empty):
    positions = embeddings.position_embeddings.weight  # [P, C]
    angles = torch.arange(len(positions))[:, None] * rates(D)
    positions.zero_()
    positions[:, place] = torch.stack([angles.sin(), angles.cos()], -1).flatten(1) * POSITION_SCALE * math.sqrt(2)
    embeddings.token_type_embeddings.weight.zero_()
    for part in (place, empty):
        embeddings.word_embeddings.weight[:, part] = 0


def rates(D):
    """Radians per place of the D / 2 pairs of sine and cosine."""
    return FASTEST * (SLOWEST / FASTEST) ** (torch.arange(D // 2) / (D // 2 - 1))


def look_at_offset(attention, rows, place, offset):
    """Query at t equals key at t + offset: each pair (sin a, cos a) turned by offset x rate."""
    turns = rates(rows.stop - rows.start) * offset
    blocks = torch.stack([turns.cos(), turns.sin(), -turns.sin(), turns.cos()], -1).view(-1, 2, 2)
    for part, matrix in ((attention.query, torch.block_diag(*blocks)), (attention.key, torch.eye(len(turns) * 2))):
        part.weight[rows] = 0
        part.weight[rows, place] = math.sqrt(SHARPNESS) * matrix


def carry(attention, rows, source, target, gain):
    """A head's values read random directions of `source`; its output writes them to `target` (back to where they were, if equal)."""
    D = rows.stop - rows.start
    read = orthonormal(source.stop - source.start, D)  # [source, D]
    write = read if target == source else orthonormal(target.stop - target.start, D)
    attention["self"].value.weight[rows] = 0
    attention["self"].value.weight[rows, source] = gain * read.T
    attention["output"].dense.weight[:, rows] = 0
    attention["output"].dense.weight[target, rows] = write


def orthonormal(n, D):
    return torch.linalg.qr(torch.randn(n, D))[0]
