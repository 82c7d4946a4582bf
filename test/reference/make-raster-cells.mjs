// Prints the cells whose truths make_raster_reference.py computes, with their corners in degrees.
import { cellToBoundary, latLngToCell } from "h3-js";

/** Cells of a resolution on a grid of 5 x 6 places. */
function chooseCells([south, north], [west, east], resolution = 8) {
  const places = [0, 1, 2, 3, 4].flatMap((i) =>
    [0, 1, 2, 3, 4, 5].map((j) => [
      south + ((north - south) * i) / 4,
      west + ((east - west) * j) / 5,
    ]),
  );
  const cells = new Set(
    places.map(([lat, lng]) =>
      latLngToCell(lat, lng > 180 ? lng - 360 : lng, resolution),
    ),
  );
  return [...cells].map((cell) => ({ cell, boundary: cellToBoundary(cell) }));
}

const areas = {
  beijing: { file: "beijing/built-up-2008.tif", cells: chooseCells([39.7, 40.15], [116.0, 116.8]) },
  newYork: { file: "nyc/population.tif", cells: chooseCells([40.58, 40.86], [-74.1, -73.75]) },
  tokyo: { file: "tokyo/population.tif", cells: chooseCells([35.56, 35.79], [139.6, 139.88]) },
  saoTome: {
    file: "readers/ESA_WorldCover_10m_2021_v200_N00E006_Map.tif",
    classes: true,
    cells: chooseCells([0.05, 0.38], [6.48, 6.74]),
  },
  utah: {
    file: "readers/nlcd-utm.tif",
    classes: true,
    cells: chooseCells([37.2, 37.45], [-113.2, -112.95]),
  },
  antimeridian: {
    file: "readers/nz_habitat_anticross_4326_1deg.tif",
    cells: chooseCells([-46, -32], [176, 184], 3),
  },
};
process.stdout.write(JSON.stringify(areas));
