// Prints the cells whose joins make_polygon_reference.py computes, with their corners and centres in degrees.
import { cellToBoundary, cellToLatLng, gridDisk, latLngToCell } from "h3-js";

const describe = (cell) => ({ cell, boundary: cellToBoundary(cell), centre: cellToLatLng(cell) });

/** All cells up to `rings` steps from a place. */
const around = (lat, lng, rings, resolution = 8) =>
  gridDisk(latLngToCell(lat, lng, resolution), rings).map(describe);

const areas = {
  boroughs: { file: "nyc/boroughs.geojson", column: "BoroName", cells: around(40.7, -73.98, 8) },
  districts: {
    file: "nyc/community_districts.geojson",
    column: "BoroCD",
    cells: around(40.75, -73.93, 7),
    isNumber: true,
  },
  tokyo: {
    file: "tokyo/municipalities.geojson",
    column: "N03_004",
    cells: around(35.68, 139.73, 8),
  },
  japan: {
    file: "japan/municipalities-s0001.geojson",
    column: "N03_007",
    cells: around(35.1, 136.9, 7),
  },
  beijing: { file: "beijing/districts.geojson", column: "name", cells: around(39.92, 116.4, 8) },
  fiji: { file: "readers/countries.fgb", column: "name", cells: around(-16.8, 179.95, 4, 5) },
  residential: {
    file: "beijing/osm-landuse.zip",
    column: "type",
    classes: ["residential"],
    cells: around(39.93, 116.39, 6),
  },
  trees: {
    file: "beijing/osm-natural.zip",
    column: "type",
    classes: ["forest", "park"],
    cells: around(39.93, 116.39, 6),
  },
  water: {
    file: "beijing/osm-natural.zip",
    column: "type",
    classes: ["water"],
    cells: around(39.93, 116.39, 6),
  },
};
process.stdout.write(JSON.stringify(areas));
