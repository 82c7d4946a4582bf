"""Writes coordinates.json: where PROJ puts a place of each coordinate system's own area, by its EPSG code.

Two places a code, inside the area of use of the EPSG registry. Run from the repository root:

    /usr/bin/python3 test/reference/make_coordinate_reference.py
"""

import json
from pathlib import Path

import pyproj
from pyproj import CRS, Transformer

COMMAND = "/usr/bin/python3 test/reference/make_coordinate_reference.py"

SINGLE = [
    3857, 3395, 3832, 3410, 6933, 4087, 8857, 3031, 3413, 3995, 6931, 6932, 3035, 3034, 2154, 27700, 2157, 29903,
    28992, 31370, 3812, 21781, 2056, 31287, 3416, 3003, 3004, 3006, 3067, 3301, 3763, 2180, 3844, 3765, 3794, 2100,
    3826, 5179, 5185, 5186, 5187, 3414, 5070, 6350, 3338, 3347, 3978, 3979, 2263, 2193, 3577, 9473, 3112, 5880,
    4326, 4258, 4269, 4283, 4490, 4612, 4674, 6668, 7844, 4301, 4277, 4289, 4149, 4314, 4312, 4313, 4214,
]
FAMILIES = [
    32601, 32654, 32660, 32701, 32760, 26901, 26912, 26923, 3154, 3157, 25828, 25832, 25838, 6688, 6692, 3097, 3101,
    31965, 31976, 31977, 31985, 28348, 28358, 7846, 7859, 4534, 4554, 4513, 4533, 4502, 4512, 4491, 4501, 31466,
    31469, *range(6669, 6688), 2443, 2461, 30161, 30179,
]
ESRI = [54009, 54030, 54034, 54008, 102003, 102008]


def places(crs):
    """Two places inside the area of use; areas across the antimeridian keep to their western half."""
    area = crs.area_of_use
    west, south, east, north = area.bounds if area else (-120, -40, 120, 60)
    if east < west:
        east = 179
    south, north = max(south, -85), min(north, 85)
    west, east = max(west, -175), min(east, 175)
    return [
        (south + (north - south) * v, west + (east - west) * u) for u, v in ((0.35, 0.4), (0.7, 0.6))
    ]


def measure(authority, code):
    crs = CRS.from_authority(authority, code)
    to_crs = Transformer.from_crs("EPSG:4326", crs, always_xy=True)
    return {
        "code": code,
        "places": [
            {"lat": lat, "lng": lng, "xy": list(to_crs.transform(lng, lat))} for lat, lng in places(crs)
        ],
    }


def main():
    systems = [measure("EPSG", code) for code in SINGLE + FAMILIES]
    systems += [measure("ESRI", code) for code in ESRI]
    document = {"command": COMMAND, "versions": {"proj": pyproj.proj_version_str}, "systems": systems}
    path = Path(__file__).with_name("coordinates.json")
    path.write_text(json.dumps(document) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
