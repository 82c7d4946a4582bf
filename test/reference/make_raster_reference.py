"""Writes raster.json: truths of a few cells of public rasters, by another way than Footfall's.

rasterio reads and PROJ projects; the area of a pixel inside a cell is counted on a fine grid of points
(40 x 40 a pixel, 400 x 400 where a cell has few; crossings counted), not clipped. Only the derived numbers are stored. The cells and their
corners come from h3-js. Run from the repository root, with the rasters in ../shared/data:

    node test/reference/make-raster-cells.mjs | /usr/bin/python3 test/reference/make_raster_reference.py
"""

import json
import sys
from pathlib import Path

import numpy as np
import rasterio
from rasterio.warp import transform
from rasterio.windows import Window

COMMAND = (
    "node test/reference/make-raster-cells.mjs | "
    "/usr/bin/python3 test/reference/make_raster_reference.py"
)
DATA = Path("../shared/data")
POINTS = 40
FEW_PIXELS = 64


def inside(x, y, corners):
    """True for points of a polygon, by crossings; cells at the icosahedron's edges are not quite convex."""
    hits = np.zeros(np.broadcast_shapes(x.shape, y.shape), dtype=bool)
    for (ax, ay), (bx, by) in zip(corners, np.roll(corners, -1, axis=0)):
        if ay == by:
            continue
        crosses = (ay > y) != (by > y)
        hits ^= crosses & (x < ax + (y - ay) * (bx - ax) / (by - ay))
    return hits


def share_inside(corners, left, top, width, height):
    """Share of each pixel of a window that lies in a polygon, row by row of pixels to spare memory."""
    points = POINTS * 10 if width * height <= FEW_PIXELS else POINTS
    step = (np.arange(points) + 0.5) / points
    x = left + (np.arange(width)[:, None] + step).ravel()
    rows = []
    for row in range(height):
        hits = inside(x[None, :], (top + row + step)[:, None], corners)
        rows.append(hits.reshape(points, width, points).mean(axis=(0, 2)))
    return np.stack(rows)


def read(raster, left, top, width, height):
    """The window's values; columns run on around the globe where the raster does."""
    turn = 360 / raster.transform.a if raster.crs.is_geographic else None
    if turn and abs(turn - raster.width) < 1e-6:
        columns = np.arange(left, left + width) % raster.width
        return raster.read(1, window=Window(0, top, raster.width, height)).astype(float)[:, columns]
    return raster.read(1, window=Window(left, top, width, height)).astype(float)


def measure(raster, boundary, classes):
    """Sum, mean and pixels with data of one cell given by its corners in degrees, or the share of each value."""
    lat, lng = np.array(boundary).T
    xs, ys = transform("EPSG:4326", raster.crs, lng, lat)
    columns, rows = ~raster.transform * (np.array(xs), np.array(ys))
    if raster.crs.is_geographic:
        turn = 360 / raster.transform.a
        columns = columns - np.round((columns - columns[0]) / turn) * turn
    left, top = int(np.floor(columns.min())), int(np.floor(rows.min()))
    width = int(np.ceil(columns.max())) - left
    height = int(np.ceil(rows.max())) - top
    values = read(raster, left, top, width, height)
    valid = np.isfinite(values)
    if raster.nodata is not None:
        valid &= values != np.float32(raster.nodata)
    corners = np.stack([columns, rows], axis=1)
    share = share_inside(corners, left, top, width, height) * valid
    pixels = float(share.sum())
    if classes:
        codes = np.unique(values[share > 0]).astype(int).tolist()
        return {
            "shares": {code: float(share[values == code].sum()) / pixels for code in codes},
            "pixels": pixels,
        }
    total = float((share * np.where(valid, values, 0)).sum())
    return {"sum": total, "mean": total / pixels if pixels else None, "pixels": pixels}


def main():
    areas = {}
    for name, area in json.load(sys.stdin).items():
        with rasterio.open(DATA / area["file"]) as raster:
            classes = area.get("classes", False)
            cells = [
                {"cell": one["cell"], **measure(raster, one["boundary"], classes)} for one in area["cells"]
            ]
        areas[name] = {"file": area["file"], "cells": cells}
    document = {
        "command": COMMAND,
        "versions": {"rasterio": rasterio.__version__, "proj": rasterio.__proj_version__},
        "pointsPerPixel": POINTS * POINTS,
        "areas": areas,
    }
    Path(__file__).with_name("raster.json").write_text(json.dumps(document) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
