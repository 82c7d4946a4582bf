"""Perplexities of counting models and lengths in tokens, written out the long way.

/usr/bin/python3 test/reference/make_token_counts_reference.py > test/reference/token-counts.json
"""

import json
import math
import random

random.seed(7)
CELLS = 30
# cell n is written as one of 6 parents and one of 7 digits below it
PIECES = [[5 + n // 5, 11 + n % 7] for n in range(CELLS)]
SIZES = [6, 7]
PARENTS = [n // 5 for n in range(CELLS)]


def walk():
    cell = random.randrange(CELLS)
    cells = []
    for _ in range(random.randint(4, 40)):
        if random.random() < 0.4:
            cell = min(CELLS - 1, int(random.expovariate(0.15)))
        cells.append(cell)
    return cells


trajectories = [walk() for _ in range(40)]
train, test = range(28), range(34, 40)
visits = [0] * CELLS
for k in train:
    for cell in trajectories[k]:
        visits[cell] += 1


def pieces_chance(cell):
    chance = 1.0
    for slot, piece in enumerate(PIECES[cell]):
        counted = sum(visits[c] for c in range(CELLS) if PIECES[c][slot] == piece)
        chance *= (counted + 1) / (sum(visits) + SIZES[slot])
    return chance


def back_off_chance(cell, unseen):
    siblings = [c for c in range(CELLS) if PARENTS[c] == PARENTS[cell]]
    parent = (sum(visits[c] for c in siblings) + 1) / (sum(visits) + 6)
    return (1 - unseen) * visits[cell] / sum(visits) + unseen * parent / len(siblings)


repeats = [a == b for k in train for a, b in zip(trajectories[k], trajectories[k][1:])]
stay = (sum(repeats) + 1) / (len(repeats) + 2)


def perplexity(chance_of):
    logs = [
        math.log(chance_of(cells[i], cells[i - 1] if i else None))
        for cells in (trajectories[k] for k in test)
        for i in range(len(cells))
    ]
    return math.exp(-sum(logs) / len(logs))


def with_stay(cell, before):
    drawn = pieces_chance(cell)
    return drawn if before is None else stay * (cell == before) + (1 - stay) * drawn


tokens = [2 + 2 * len(cells) for cells in trajectories]
ROW = 32
fitting = [min(len(cells), (ROW - 2) // 2) for cells in trajectories]
print(
    json.dumps(
        {
            "pieces": PIECES,
            "sizes": SIZES,
            "parents": PARENTS,
            "trajectories": trajectories,
            "train": list(train),
            "test": list(test),
            "unseen": 0.3,
            "row": ROW,
            "expected": {
                "stay": stay,
                "unigram": perplexity(lambda cell, _: pieces_chance(cell)),
                "previous": perplexity(with_stay),
                "backOff": perplexity(lambda cell, _: back_off_chance(cell, 0.3)),
                "meanTokens": sum(tokens) / len(tokens),
                "truncatedTrajectories": sum(t > ROW for t in tokens) / len(tokens),
                "truncatedCheckIns": 1 - sum(fitting) / sum(map(len, trajectories)),
            },
        }
    )
)
