"""Writes polygons.json: joins of real layers to cells, by another way than Footfall's.

GDAL reads the layers, GEOS (shapely) repairs, unites and intersects, PROJ measures the pieces on the ellipsoid (their
edges are cut into short ones, so that they stay straight in degrees). Only the derived numbers are stored. Cells,
corners and centres come from h3-js. Run from the repository root, with the layers in ../shared/data:

    node test/reference/make-polygon-cells.mjs | /usr/bin/python3 test/reference/make_polygon_reference.py
"""

import json
import sys
from pathlib import Path

import numpy as np
import pyproj
import shapely
from osgeo import gdal
from shapely import wkb
from shapely.affinity import translate
from shapely.geometry import Point, Polygon
from shapely.ops import transform, unary_union
from shapely.strtree import STRtree
from shapely.validation import make_valid

COMMAND = (
    "node test/reference/make-polygon-cells.mjs | "
    "/usr/bin/python3 test/reference/make_polygon_reference.py"
)
DATA = Path("../shared/data")
ELLIPSOID = pyproj.Geod(ellps="WGS84")
gdal.UseExceptions()


def read(file, column):
    """Shapes (valid) and values of a layer, and facts of it as GDAL sees them."""
    path = str(DATA / file)
    source = gdal.OpenEx(f"/vsizip/{path}" if path.endswith(".zip") else path, gdal.OF_VECTOR)
    layer = source.GetLayer(0)
    shapes, values, repaired = [], [], 0
    for feature in layer:
        geometry = feature.GetGeometryRef()
        if geometry is None or geometry.IsEmpty():
            continue
        shape = wkb.loads(bytes(geometry.ExportToWkb()))
        if not shape.is_valid:
            shape = make_valid(shape)
            repaired += 1
        shapes.append(shape)
        values.append(feature[column])
    west, east, south, north = layer.GetExtent()
    facts = {"features": layer.GetFeatureCount(), "repaired": repaired, "bounds": [west, south, east, north]}
    facts["columns"] = [field.name for field in layer.schema]
    return shapes, values, facts


def cut_edges(xs, ys):
    """A line with a corner every 0.001 degrees, for PROJ's edges are geodesics."""
    xs, ys = np.asarray(xs), np.asarray(ys)
    steps = np.maximum(np.abs(np.diff(xs)), np.abs(np.diff(ys)))
    along = [np.linspace(i, i + 1, int(np.ceil(step / 0.001)) + 1)[:-1] for i, step in enumerate(steps)]
    at = np.concatenate([*along, [len(xs) - 1]])
    return np.interp(at, np.arange(len(xs)), xs), np.interp(at, np.arange(len(ys)), ys)


def area(shape):
    """Square metres on the ellipsoid of a shape whose edges are straight in degrees."""
    if shape.is_empty or shape.area == 0:
        return 0.0
    parts = [part for part in getattr(shape, "geoms", [shape]) if part.area > 0]
    return sum(abs(ELLIPSOID.geometry_area_perimeter(transform(cut_edges, part))[0]) for part in parts)


def outline(boundary):
    """The cell's outline; one that crosses the antimeridian goes beyond 180."""
    lng0 = boundary[0][1]
    return Polygon([(lng - 360 * round((lng - lng0) / 360), lat) for lat, lng in boundary])


class Layer:
    def __init__(self, shapes, values):
        self.shapes = shapes + [translate(shape, turn) for turn in (-360, 360) for shape in shapes]
        self.values = {id(shape): value for shape, value in zip(self.shapes, values * 3)}
        self.order = {id(shape): i for i, shape in enumerate(self.shapes)}
        self.tree = STRtree(self.shapes)

    def near(self, shape):
        found = sorted(self.tree.query(shape), key=lambda s: self.order[id(s)])
        return [(s, self.values[id(s)]) for s in found]


def join(layer, cell, is_number):
    hexagon = outline(cell["boundary"])
    lat, lng = cell["centre"]
    whole = area(hexagon)
    pieces = {}
    for shape, value in layer.near(hexagon):
        pieces.setdefault(value, []).append(shape.intersection(hexagon))
    parts = {value: area(unary_union(parts)) / whole for value, parts in pieces.items()}
    parts = {value: share for value, share in parts.items() if share >= 1e-6}
    by_area = max(parts, key=parts.get) if parts else None
    spots = [Point(lng + turn, lat) for turn in (-360, 0, 360)]
    centre = [v for shape, v in layer.near(hexagon) if any(shape.contains(p) for p in spots)]
    row = [cell["cell"], centre[0] if centre else None, by_area]
    row.append(round(parts.get(by_area, 0.0), 7))
    row.append(round(area(unary_union([p for ps in pieces.values() for p in ps])) / whole, 7))
    if is_number:
        total = sum(parts.values())
        row.append(round(sum(v * s for v, s in parts.items()) / total, 4) if total else None)
    return row


def cover(layer, cell, classes):
    hexagon = outline(cell["boundary"])
    chosen = [s.intersection(hexagon) for s, v in layer.near(hexagon) if v in classes]
    whole = area(hexagon)
    union = area(unary_union(chosen)) / whole if chosen else 0.0
    return [cell["cell"], round(union, 7), round(sum(map(area, chosen)) / whole, 7)]


def main():
    areas = {}
    for name, asked in json.load(sys.stdin).items():
        shapes, values, facts = read(asked["file"], asked["column"])
        layer = Layer(shapes, values)
        classes = asked.get("classes")
        rows = [
            cover(layer, cell, classes) if classes else join(layer, cell, asked.get("isNumber"))
            for cell in asked["cells"]
        ]
        areas[name] = {key: asked[key] for key in ("file", "column", "classes") if key in asked}
        areas[name] |= {**facts, "cells": rows}
        print(name, len(rows), facts["features"], facts["repaired"], file=sys.stderr)
    versions = {"shapely": shapely.__version__, "gdal": gdal.__version__, "proj": pyproj.proj_version_str}
    document = {"command": COMMAND, "versions": versions, "areas": areas}
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    Path("test/reference/polygons.json").write_text(text + "\n")


main()
