"""Writes raster-files.json: small GeoTIFFs as GDAL writes them, and what rasterio reads in them.

Compressions, predictors, tiles, BigTIFF, number types, a mask inside the file, overviews, a turned grid and pixels
that are points. Run from the repository root:

    /usr/bin/python3 test/reference/make_raster_files.py
"""

import base64
import json
import warnings
from pathlib import Path

import numpy as np
import rasterio
from rasterio.enums import Resampling
from rasterio.io import MemoryFile
from rasterio.transform import Affine

COMMAND = "/usr/bin/python3 test/reference/make_raster_files.py"
SIZE = 32
NORTH_UP = Affine(0.01, 0, 139, 0, -0.01, 36)
TURNED = Affine.translation(139, 36) * Affine.rotation(20) * Affine.scale(0.01, -0.012)

FILES = {
    "deflate, tiles": {"compress": "deflate", "tiled": True, "blockxsize": 16, "blockysize": 16},
    "LZW, horizontal predictor": {"dtype": "int16", "compress": "lzw", "predictor": 2},
    "deflate, floating predictor": {"dtype": "float32", "compress": "deflate", "predictor": 3},
    "BigTIFF": {"dtype": "uint16", "BIGTIFF": "YES"},
    "packbits": {"dtype": "uint8", "compress": "packbits"},
    "big-endian": {"dtype": "float64", "ENDIANNESS": "BIG"},
    "no data by value": {"dtype": "int32", "nodata": -9999},
    "no data by a mask": {"dtype": "uint8", "mask": True},
    "turned": {"dtype": "uint8", "transform": TURNED},
    "points": {"dtype": "uint8", "point": True},
    "two overviews": {"dtype": "uint8", "compress": "deflate", "overviews": [2, 4]},
    "second band": {"dtype": "uint8", "count": 2, "interleave": "pixel"},
    "UTM": {"dtype": "uint8", "crs": "EPSG:32654", "transform": Affine(30, 0, 380000, 0, -30, 3950000)},
}


def make(name, options):
    """The bytes of one file, the values of its last band (null where there are none), and two of its places."""
    options = {"dtype": "uint8", "count": 1, "crs": "EPSG:4326", "transform": NORTH_UP, **options}
    has_mask, overviews = options.pop("mask", False), options.pop("overviews", [])
    is_point = options.pop("point", False)
    values = np.arange(SIZE * SIZE).reshape(SIZE, SIZE) * 7 % 251
    if "nodata" in options:
        values = np.where(values % 5 == 0, options["nodata"], values)
    with MemoryFile() as memory:
        with rasterio.Env(GDAL_TIFF_INTERNAL_MASK=True):
            with memory.open(driver="GTiff", width=SIZE, height=SIZE, **options) as raster:
                for band in range(options["count"]):
                    raster.write((values + band).astype(options["dtype"]), band + 1)
                if has_mask:
                    raster.write_mask(values % 3 != 0)
                if is_point:
                    raster.update_tags(AREA_OR_POINT="Point")
                if overviews:
                    raster.build_overviews(overviews, Resampling.average)
        with memory.open() as raster:
            read = raster.read(options["count"], masked=True)
            corners = [raster.transform * (0, 0), raster.transform * (SIZE, SIZE)]
            places = [list(raster.xy(0, 0, offset="ul")), list(raster.xy(SIZE - 1, SIZE - 1, offset="lr"))]
            if raster.crs.is_projected:
                places = [list(zip(*rasterio.warp.transform(raster.crs, "EPSG:4326", [x], [y])))[0] for x, y in corners]
        data = memory.read()
    return {
        "name": name,
        "band": options["count"] - 1,
        "overviews": len(overviews),
        "corners": [list(map(float, place)) for place in places],
        "values": [None if value is np.ma.masked else float(value) for value in read.ravel()],
        "tiff": base64.b64encode(data).decode(),
    }


def main():
    warnings.simplefilter("ignore")
    document = {
        "command": COMMAND,
        "versions": {"rasterio": rasterio.__version__, "gdal": rasterio.__gdal_version__},
        "size": SIZE,
        "files": [make(name, options) for name, options in FILES.items()],
    }
    Path(__file__).with_name("raster-files.json").write_text(json.dumps(document) + "\n", encoding="utf-8")


if __name__ == "__main__":
    import rasterio.warp

    main()
