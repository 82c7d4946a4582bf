"""Writes polygons/* and polygon-files.json: one made-up layer in the formats of GDAL, and what GDAL reads back.

Three features near Nagoya: a square with a hole, two islands, a triangle without a name. Coordinates in the JSON are
in WGS 84, transformed by PROJ. Run from the repository root:

    /usr/bin/python3 test/reference/make_polygon_files.py
"""

import json
import os
import tempfile
import zipfile
from pathlib import Path

from osgeo import gdal, ogr, osr

COMMAND = "/usr/bin/python3 test/reference/make_polygon_files.py"
OUT = Path("test/reference/polygons")
gdal.UseExceptions()
os.environ["OGR_CURRENT_DATE"] = "2026-11-22T00:00:00Z"

SHAPES = [
    (
        "名古屋市",
        2_330_000,
        0.5,
        "POLYGON ((136.90 35.10,136.98 35.10,136.98 35.18,136.90 35.18,136.90 35.10),"
        "(136.92 35.12,136.92 35.15,136.95 35.15,136.95 35.12,136.92 35.12))",
    ),
    (
        "篠島村",
        1_600,
        None,
        "MULTIPOLYGON (((137.00 34.67,137.01 34.67,137.01 34.68,137.00 34.67)),"
        "((137.02 34.66,137.03 34.66,137.03 34.67,137.02 34.67,137.02 34.66)))",
    ),
    (None, None, -1.25, "POLYGON ((137.1 35.0,137.2 35.0,137.15 35.1,137.1 35.0))"),
]


def system(code):
    reference = osr.SpatialReference()
    reference.ImportFromEPSG(code)
    reference.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    return reference


def memory(code, shapes=SHAPES):
    source = ogr.GetDriverByName("Memory").CreateDataSource("memory")
    layer = source.CreateLayer("towns", system(code), ogr.wkbMultiPolygon)
    layer.CreateField(ogr.FieldDefn("name", ogr.OFTString))
    layer.CreateField(ogr.FieldDefn("people", ogr.OFTInteger))
    layer.CreateField(ogr.FieldDefn("share", ogr.OFTReal))
    change = osr.CoordinateTransformation(system(4326), system(code))
    for name, people, share, wkt in shapes:
        feature = ogr.Feature(layer.GetLayerDefn())
        for field, value in (("name", name), ("people", people), ("share", share)):
            if value is not None:
                feature.SetField(field, value)
        shape = ogr.ForceToMultiPolygon(ogr.CreateGeometryFromWkt(wkt))
        shape.Transform(change)
        feature.SetGeometry(shape)
        layer.CreateFeature(feature)
    return source


def corners(shape):
    """All rings as lists of [lng, lat], polygons and their rings in the file's order."""
    if shape is None or shape.IsEmpty():
        return []
    if shape.GetGeometryName() in ("POLYGON", "MULTIPOLYGON", "GEOMETRYCOLLECTION"):
        inner = [shape.GetGeometryRef(i) for i in range(shape.GetGeometryCount())]
        return [ring for part in inner for ring in corners(part)]
    return [[[round(p[0], 9), round(p[1], 9)] for p in shape.GetPoints()]]


def read_back(path, layer_name):
    source = gdal.OpenEx(str(path), gdal.OF_VECTOR)
    layer = source.GetLayerByName(layer_name) or source.GetLayer(0)
    reference = layer.GetSpatialRef()
    reference.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    change = osr.CoordinateTransformation(reference, system(4326))
    features = []
    for feature in layer:
        shape = feature.GetGeometryRef()
        if shape is not None:
            shape = shape.Clone()
            shape.Transform(change)
        values = {key: feature[key] for key in ("name", "Name", "people", "share") if feature.GetFieldIndex(key) >= 0}
        features.append({"values": values, "rings": corners(shape)})
    return features


def pack(zipped, folder):
    with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(Path(folder).iterdir()):
            entry = zipfile.ZipInfo(path.name, (2026, 11, 22, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, path.read_bytes())


def write(name, driver, code, options=(), layers=("towns",)):
    """One file, zipped with what lies beside it; a name ending in .zip says so."""
    with tempfile.TemporaryDirectory() as folder:
        inner = Path(folder) / name.removesuffix(".zip")
        target = ogr.GetDriverByName(driver).CreateDataSource(str(inner))
        source = memory(code)
        for layer in layers:
            target.CopyLayer(source.GetLayer(0), layer, list(options))
        target = None
        if driver == "ESRI Shapefile":
            inner = Path(folder) / name.removesuffix(".zip") / "towns.shp"
        expected = read_back(inner, layers[0])
        if name.endswith(".zip"):
            pack(OUT / name, inner.parent)
        else:
            (OUT / name).write_bytes(inner.read_bytes())
    return {"file": name, "epsg": code, "features": expected}


def write_lines():
    source = ogr.GetDriverByName("GeoJSON").CreateDataSource(str(OUT / "lines.geojson"))
    layer = source.CreateLayer("lines", system(4326), ogr.wkbLineString)
    feature = ogr.Feature(layer.GetLayerDefn())
    feature.SetGeometry(ogr.CreateGeometryFromWkt("LINESTRING (136.9 35.1,137 35.2)"))
    layer.CreateFeature(feature)


def main():
    OUT.mkdir(exist_ok=True)
    for old in OUT.iterdir():
        old.unlink()
    files = [
        write("degrees.geojson", "GeoJSON", 4326, ["RFC7946=YES"]),
        write("mercator.geojson", "GeoJSON", 3857, ["COORDINATE_PRECISION=9"]),
        write("rows.geojsonl", "GeoJSONSeq", 4326),
        write("japanese-cp932.zip", "ESRI Shapefile", 6675, ["ENCODING=CP932"]),
        write("utf-8.zip", "ESRI Shapefile", 32653, ["ENCODING=UTF-8"]),
        write("tokyo-datum.zip", "ESRI Shapefile", 4301, ["ENCODING=UTF-8"]),
        write("two-layers.gpkg.zip", "GPKG", 3857, (), ("towns", "again")),
        write("laea.fgb", "FlatGeobuf", 3035, ["SPATIAL_INDEX=YES"]),
        write("plain.fgb", "FlatGeobuf", 4326, ["SPATIAL_INDEX=NO"]),
        write("placemarks.kml", "KML", 4326),
    ]
    write_lines()
    source = memory(4326)
    shapes = [feature.GetGeometryRef().Clone() for feature in source.GetLayer(0)]
    little = [bytes(shape.ExportToIsoWkb(ogr.wkbNDR)).hex() for shape in shapes]
    big = [bytes(shape.ExportToIsoWkb(ogr.wkbXDR)).hex() for shape in shapes]
    high = []
    for shape in shapes:
        shape.Set3D(True)
        shape.SetMeasured(True)
        high.append(bytes(shape.ExportToIsoWkb(ogr.wkbNDR)).hex())
    wkb = {"little": little, "big": big, "high": high}
    projjson = {str(code): json.loads(system(code).ExportToPROJJSON()) for code in (6675, 3035)}
    document = {"command": COMMAND, "gdal": gdal.__version__, "files": files, "wkb": wkb, "projjson": projjson}
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    Path("test/reference/polygon-files.json").write_text(text + "\n")


main()
