"""The safetensors format, read and written with numpy alone: 8 bytes of header length, a JSON header,
then the tensors' bytes, little-endian, in header order."""

import json
import os
import struct

import numpy as np

DTYPES = {"F32": np.dtype("<f4"), "F16": np.dtype("<f2")}


def write_safetensors(path, tensors, dtype="F32", metadata=None):
    """Writes {name: array} as one file, all tensors in `dtype` (F32 or F16); the old file stays until the new one is whole."""
    arrays = {name: np.ascontiguousarray(tensors[name], DTYPES[dtype]) for name in sorted(tensors)}
    header, offset = {"__metadata__": {"format": "pt", **(metadata or {})}}, 0
    for name, array in arrays.items():
        header[name] = {"dtype": dtype, "shape": list(array.shape), "data_offsets": [offset, offset + array.nbytes]}
        offset += array.nbytes
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)  # the data starts on a multiple of eight, as other writers do it
    with open(path + ".part", "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for array in arrays.values():
            file.write(array.tobytes())
    os.replace(path + ".part", path)


def read_safetensors(path):
    """Reads {name: float32 array}; raises ValueError where the file is cut short or holds another dtype."""
    with open(path, "rb") as file:
        data = file.read()
    (length,) = struct.unpack_from("<Q", data)
    header = json.loads(data[8 : 8 + length])
    header.pop("__metadata__", None)
    return {name: read_tensor(path, data, 8 + length, name, entry) for name, entry in header.items()}


def read_tensor(path, data, base, name, entry):
    if entry["dtype"] not in DTYPES:
        raise ValueError(f"{path}: {name} is {entry['dtype']}, expected F32 or F16")
    dtype, (begin, end) = DTYPES[entry["dtype"]], entry["data_offsets"]
    count = int(np.prod(entry["shape"]))
    if end - begin != count * dtype.itemsize or base + end > len(data):
        raise ValueError(f"{path}: {name} should take {count * dtype.itemsize} bytes, the file is cut short or wrong")
    return np.frombuffer(data, dtype, count, base + begin).reshape(entry["shape"]).astype(np.float32)
