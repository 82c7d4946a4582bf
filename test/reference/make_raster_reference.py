"""Writes raster.json: truths of a few cells of two public rasters, by another way than Footfall's.

rasterio reads and PROJ projects; the area of a pixel inside a cell is counted on a fine grid of points
(40 x 40 a pixel, half-plane tests), not clipped. Only the derived numbers are stored. The cells and their
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


def inside(x, y, corners):
    """True for points of a convex polygon, whichever way its corners turn."""
    signs = []
    for (ax, ay), (bx, by) in zip(corners, np.roll(corners, -1, axis=0)):
        signs.append((bx - ax) * (y - ay) - (by - ay) * (x - ax) >= 0)
    signs = np.stack(signs)
    return signs.all(axis=0) | (~signs).all(axis=0)


def measure(raster, boundary):
    """Sum, mean and pixels with data of one cell given by its corners in degrees."""
    lat, lng = np.array(boundary).T
    xs, ys = transform("EPSG:4326", raster.crs, lng, lat)
    columns, rows = ~raster.transform * (np.array(xs), np.array(ys))
    left, top = int(np.floor(columns.min())), int(np.floor(rows.min()))
    width = int(np.ceil(columns.max())) - left
    height = int(np.ceil(rows.max())) - top
    window = Window(left, top, width, height)
    values = raster.read(1, window=window).astype(float)
    valid = np.isfinite(values)
    if raster.nodata is not None:
        valid &= values != np.float32(raster.nodata)
    step = (np.arange(POINTS) + 0.5) / POINTS
    x = left + (np.arange(width)[:, None] + step).ravel()
    y = top + (np.arange(height)[:, None] + step).ravel()
    hits = inside(x[None, :], y[:, None], np.stack([columns, rows], axis=1))
    share = hits.reshape(height, POINTS, width, POINTS).mean(axis=(1, 3)) * valid
    total = float((share * np.where(valid, values, 0)).sum())
    pixels = float(share.sum())
    return {"sum": total, "mean": total / pixels if pixels else None, "pixels": pixels}


def main():
    areas = {}
    for name, area in json.load(sys.stdin).items():
        with rasterio.open(DATA / area["file"]) as raster:
            cells = [
                {"cell": one["cell"], **measure(raster, one["boundary"])} for one in area["cells"]
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
