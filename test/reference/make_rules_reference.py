"""Reference for stop detection and resampling (src/core/data/stops.ts, resample.ts), by NumPy.

    /usr/bin/python3 test/reference/make_rules_reference.py > test/reference/rules.json

One made person: rests with the jitter of a receiver, walks between them, times without a point, a crossing of
the antimeridian. Stops are searched by their definition, quadratically; positions come from searchsorted and
interp.
"""

import json
import sys

import numpy as np

RADIUS_M = 200.0
MIN_S = 20 * 60
MAX_GAP_S = 3 * 3600
INTERVAL_S = 15 * 60
EARTH_M = 6371008.8


def make_track(seed):
    random = np.random.default_rng(seed)
    t, lat, lng = [], [], []
    now, here = 1_600_000_000.0, np.array([-17.0, 179.98])
    for leg in range(14):
        for _ in range(random.integers(2, 60)):  # rest
            now += random.integers(20, 240)
            jitter = random.normal(0, 40 / 111_000, 2)
            t.append(now), lat.append(here[0] + jitter[0]), lng.append(here[1] + jitter[1])
        if leg % 3 == 2:
            now += random.integers(1800, 6 * 3600)  # no point for hours
        heading = random.uniform(-0.4, 0.9)
        step = np.array([np.sin(heading), np.cos(heading)]) * 120 / 111_000
        for _ in range(random.integers(3, 40)):  # walk east, across the antimeridian
            now += random.integers(30, 120)
            here = here + step
            t.append(now), lat.append(here[0]), lng.append(here[1])
    return np.array(t), np.array(lat), np.array(lng)


def wrap(lng):
    return (lng + 180) % 360 - 180


def distance_m(lat, lng, i, j):
    a, b = np.radians(lat[i]), np.radians(lat[j])
    sin_lat, sin_lng = np.sin((b - a) / 2), np.sin(np.radians(lng[j] - lng[i]) / 2)
    return 2 * EARTH_M * np.arcsin(np.sqrt(sin_lat**2 + np.cos(a) * np.cos(b) * sin_lng**2))


def find_stops(t, lat, lng):
    stops, first = [], 0
    while first < len(t):
        near = distance_m(lat, lng, first, np.arange(len(t))) <= RADIUS_M
        near[first + 1 :] &= np.diff(t)[first:] <= MAX_GAP_S
        outside = np.flatnonzero(~near[first:])
        end = first + (outside[0] if len(outside) else len(t) - first)
        if t[end - 1] - t[first] >= MIN_S:
            middle = float(lat[first:end].mean()), float(wrap(lng[first:end].mean()))
            stops.append([first, end - first, t[first], t[end - 1], *middle])
            first = end
        else:
            first += 1
    return stops


def resample(t, lat, lng, fill):
    slots = np.arange(np.ceil(t[0] / INTERVAL_S), np.ceil(t[-1] / INTERVAL_S) + 1) * INTERVAL_S
    last = np.searchsorted(t, slots, side="right") - 1
    points = np.diff(np.concatenate([[0], last + 1]))
    observed = slots - t[last] < INTERVAL_S
    assert (observed == (points > 0)).all()
    held_lat, held_lng = lat[last], lng[last]
    if fill == "drop":
        keep = observed
    elif fill == "hold":
        keep = observed | (slots - t[last] <= MAX_GAP_S)
    else:
        span = np.append(t[1:], np.inf)[last] - t[last]
        is_near = span <= MAX_GAP_S
        keep = observed | is_near
        held_lat = np.where(is_near, np.interp(slots, t, lat), held_lat)
        held_lng = np.where(is_near, np.interp(slots, t, lng), held_lng)
    columns = [slots, held_lat, wrap(held_lng), points]
    return [[float(value) for value in row] for row in np.stack(columns, axis=1)[keep]]


t, lat, lng = make_track(7)
document = {
    "command": "/usr/bin/python3 test/reference/make_rules_reference.py",
    "numpy": np.__version__,
    "t": t.tolist(),
    "lat": lat.tolist(),
    "lng": wrap(lng).tolist(),
    "stops": [[float(value) for value in stop] for stop in find_stops(t, lat, lng)],
    "resampled": {fill: resample(t, lat, lng, fill) for fill in ("hold", "linear", "drop")},
}
json.dump(document, sys.stdout)
