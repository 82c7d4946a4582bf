"""A linear probe as src/core/task/strength.ts fits one: softmax regression by L-BFGS, its strength chosen on validation.

The fits end at a slope that is good enough to be compared, so that two programs come to the same only by the same descent:
this is that of src/core/task/lbfgs.ts.
"""

import torch
from torch.nn.functional import cross_entropy

STRENGTHS = (1, 0.3, 0.1, 0.03, 0.01, 0.003, 0.001)
TOLERANCE, MAX_STEPS = 1e-3, 200
MEMORY, SUFFICIENT, MAX_HALVINGS = 10, 1e-4, 40


def find_direction(gradient, pairs):
    """Two-loop recursion (Nocedal and Wright 2006, algorithm 7.4)."""
    direction, alphas = -gradient, []
    for s, y in reversed(pairs):
        alphas.append((s @ direction) / (s @ y))
        direction = direction - alphas[-1] * y
    if pairs:
        s, y = pairs[-1]
        direction = direction * ((s @ y) / (y @ y))
    else:
        direction = direction / max(1.0, gradient.abs().max().item())
    for (s, y), alpha in zip(pairs, reversed(alphas)):
        direction = direction + (alpha - (y @ direction) / (s @ y)) * s
    return direction


def search(smooth, point, value, direction, slope):
    """The first of 1, 1/2, 1/4 ... of the way that brings its share of the promised descent; None where none does."""
    for halvings in range(MAX_HALVINGS):
        share = 0.5**halvings
        there = point + share * direction
        found, gradient = smooth(there)
        if found <= value + SUFFICIENT * share * slope:
            return there, found, gradient
    return None


def minimise(smooth, point):
    pairs = []
    value, gradient = smooth(point)
    for _ in range(MAX_STEPS):
        if gradient.abs().max() <= TOLERANCE:
            break
        direction = find_direction(gradient, pairs)
        found = search(smooth, point, value, direction, gradient @ direction)
        if found is None:
            break
        pair = (found[0] - point, found[2] - gradient)
        if pair[0] @ pair[1] > 0:
            pairs = [*pairs, pair][-MEMORY:]
        point, value, gradient = found
    return point


def fit(x, classes, strength, start):
    """Mean cross-entropy + strength / 2 |W|^2 of standardised rows [n, C]; the point is [K, C + 1], its last column free."""

    def smooth(point):
        point = point.view(start.shape).requires_grad_()
        weight = point[:, :-1]
        loss = cross_entropy(x @ weight.T + point[:, -1], classes) + strength / 2 * weight.square().sum()
        (gradient,) = torch.autograd.grad(loss, point)
        return loss.item(), gradient.flatten()

    return minimise(smooth, start.flatten()).view(start.shape)


def choose_logistic(train, validation, K):
    """Weight [K, C] and bias [K] for states as they are, fitted on `train`, the strength best on `validation`."""
    (states, classes), (others, truth) = train, validation
    mean, scale = states.mean(0), states.std(0, unbiased=False)
    scale = torch.where(scale <= 1e-12 * mean.abs(), torch.ones_like(scale), scale)
    x, beside = (states - mean) / scale, (others - mean) / scale
    best, least = torch.zeros(K, x.shape[1] + 1, dtype=x.dtype), float("inf")
    for strength in STRENGTHS:  # strong to weak, each from the one before
        point = fit(x, classes, strength, best)
        loss = cross_entropy(beside @ point[:, :-1].T + point[:, -1], truth).item()
        if loss > least:
            break
        best, least = point, loss
    weight = best[:, :-1] / scale
    return weight, best[:, -1] - weight @ mean
