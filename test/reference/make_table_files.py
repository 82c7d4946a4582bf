"""Small tables as pyarrow writes them, for the tests of src/core/data/read/formats/{parquet,arrow}.

python -m venv /tmp/v && /tmp/v/bin/pip install pyarrow==25.0.1
/tmp/v/bin/python test/reference/make_table_files.py test/reference/tables
"""

import json
import struct
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pyarrow as pa
import pyarrow.feather as feather
import pyarrow.ipc as ipc
import pyarrow.parquet as pq

OUT = Path(sys.argv[1])
ROWS = 300
START = datetime(2012, 4, 3, 12, tzinfo=timezone.utc)
user = [f"user {i % 7}" for i in range(ROWS)]
time = [START + timedelta(seconds=61 * i, microseconds=137 * i) for i in range(ROWS)]
lat = [35.5 + i / 1024 for i in range(ROWS)]
lng = [139.5 - i / 1024 for i in range(ROWS)]
noise = [f"{(i * 2654435761) % 2**32:08x}" for i in range(ROWS)]
wkb = [struct.pack("<BIdd", 1, 1, x, y) for x, y in zip(lng, lat)]

plain = pa.table({"noise": noise, "user": user, "time": pa.array(time, pa.timestamp("us", "UTC")), "lat": lat, "lng": lng})
naive = plain.set_column(2, "time", pa.array([t.replace(tzinfo=None) for t in time], pa.timestamp("ms")))
coded = pa.table({
    "id": pa.array(user).dictionary_encode(),
    "epoch": pa.array([int(t.timestamp() * 1e6) for t in time], pa.int64()),
    "location": pa.StructArray.from_arrays([pa.array(lat), pa.array(lng)], ["lat", "lon"]),
})


def with_geo(geometry, encoding, **more):
    geo = {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": {"encoding": encoding, "geometry_types": ["Point"], **more}}}
    table = pa.table({"user": user, "time": plain["time"], "geometry": geometry})
    return table.replace_schema_metadata({"geo": json.dumps(geo)})


def points():
    return pa.StructArray.from_arrays([pa.array(lng), pa.array(lat)], ["x", "y"])


def write_arrow(name, table, compression=None, is_file=True):
    options = ipc.IpcWriteOptions(compression=compression)
    with (ipc.new_file if is_file else ipc.new_stream)(str(OUT / name), table.schema, options=options) as writer:
        writer.write_table(table, max_chunksize=100)


for codec in ["none", "snappy", "gzip", "brotli", "zstd", "lz4"]:
    pq.write_table(plain, OUT / f"{codec}.parquet", compression=codec, row_group_size=128)
pq.write_table(naive, OUT / "naive.parquet")
pq.write_table(coded, OUT / "coded.parquet", write_page_index=True, data_page_size=256)
pq.write_table(with_geo(pa.array(wkb), "WKB"), OUT / "wkb.parquet")
pq.write_table(with_geo(points(), "point"), OUT / "point.parquet")
mercator = {"name": "WGS 84 / Pseudo-Mercator", "id": {"authority": "EPSG", "code": 3857}}
pq.write_table(with_geo(pa.array(wkb), "WKB", crs=mercator), OUT / "mercator.parquet")
write_arrow("plain.arrow", plain)
write_arrow("plain.arrows", plain, is_file=False)
write_arrow("lz4.arrow", plain, "lz4")
write_arrow("zstd.arrow", plain, "zstd")
write_arrow("naive.arrow", naive)
write_arrow("coded.arrow", coded)
feather.write_feather(plain, OUT / "default.feather")
