// Prints the cells whose truths make_raster_reference.py computes, with their corners in degrees.
import { cellToBoundary, latLngToCell } from "h3-js";

/** Cells of resolution 8 on a grid of 5 x 6 places. */
function chooseCells([south, north], [west, east]) {
  const places = [0, 1, 2, 3, 4].flatMap((i) =>
    [0, 1, 2, 3, 4, 5].map((j) => [
      south + ((north - south) * i) / 4,
      west + ((east - west) * j) / 5,
    ]),
  );
  return places.map(([lat, lng]) => {
    const cell = latLngToCell(lat, lng, 8);
    return { cell, boundary: cellToBoundary(cell) };
  });
}

const areas = {
  beijing: { file: "beijing/built-up-2008.tif", cells: chooseCells([39.7, 40.15], [116.0, 116.8]) },
  newYork: { file: "nyc/population.tif", cells: chooseCells([40.58, 40.86], [-74.1, -73.75]) },
};
process.stdout.write(JSON.stringify(areas));
