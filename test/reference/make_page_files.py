"""Parquet files with all kinds of pages, small enough to be changed and cut thousands of times; for
src/core/data/columnar/page-checker.test.ts and scripts/fuzz-parquet.ts.

python -m venv /tmp/v && /tmp/v/bin/pip install pyarrow==25.0.1
/tmp/v/bin/python test/reference/make_page_files.py test/reference/pages
"""

import sys

import pyarrow as pa
import pyarrow.parquet as pq

OUT = sys.argv[1]
ROWS = 300
texts = [None if i % 97 == 0 else f"user {i % 53:04d}" for i in range(ROWS)]
lists = [[None if i % 7 == 0 else j for j in range(i % 4)] if i % 5 else None for i in range(ROWS)]
table = pa.table({
    "user": texts,
    "time": pa.array([1333454400000 + i * 61000 for i in range(ROWS)], pa.int64()),
    "lat": [35.5 + i / 1024 for i in range(ROWS)],
    "lng": [None if i % 31 == 0 else 139.5 - i / 1024 for i in range(ROWS)],
    "flag": [None if i % 11 == 0 else i % 3 == 0 for i in range(ROWS)],
    "place": pa.array([{"n": i, "tags": tags} for i, tags in enumerate(lists)]),
})


def write(name, **options):
    pq.write_table(table, f"{OUT}/{name}.parquet", row_group_size=200, data_page_size=512, **options)


for codec in ["none", "snappy", "gzip", "brotli", "zstd", "lz4"]:
    write(f"first-{codec}", compression=codec, data_page_version="1.0")
    write(f"second-{codec}", compression=codec, data_page_version="2.0", use_dictionary=False, write_page_index=True)
deltas = {"user": "DELTA_BYTE_ARRAY", "time": "DELTA_BINARY_PACKED", "lat": "BYTE_STREAM_SPLIT"}
write("deltas", compression="none", use_dictionary=False, column_encoding=deltas)
write("lengths", compression="none", use_dictionary=False, column_encoding={"user": "DELTA_LENGTH_BYTE_ARRAY"})
