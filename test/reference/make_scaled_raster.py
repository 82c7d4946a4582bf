"""A GeoTIFF of whole numbers that stand for others by a scale and an offset, for src/core/truth/raster-files.test.ts.

/usr/bin/python3 test/reference/make_scaled_raster.py > test/reference/raster-scaled.json   (rasterio 1.3.5)
"""

import base64
import json

import numpy as np
import rasterio
from rasterio.io import MemoryFile
from rasterio.transform import from_origin

SIZE = 8
stored = np.arange(2 * SIZE * SIZE, dtype="int16").reshape(2, SIZE, SIZE) * 7 - 200
stored[:, 3, 4] = -999
options = {"driver": "GTiff", "width": SIZE, "height": SIZE, "count": 2, "dtype": "int16", "nodata": -999}
place = {"crs": "EPSG:4326", "transform": from_origin(139, 36, 0.01, 0.01)}
with MemoryFile() as memory:
    with memory.open(**options, **place) as out:
        out.write(stored)
        out.scales = (0.1, 2.5)
        out.offsets = (273.15, -4.0)
    tiff = memory.read()
with MemoryFile(tiff) as memory, memory.open() as source:
    bands = []
    for band in range(2):
        values = source.read(band + 1, masked=True).astype("float64")
        values = values * source.scales[band] + source.offsets[band]
        bands.append([None if value is np.ma.masked else float(value) for value in values.ravel()])
print(json.dumps({"size": SIZE, "bands": bands, "tiff": base64.b64encode(tiff).decode()}))
