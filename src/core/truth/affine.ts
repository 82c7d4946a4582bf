import type { GeoTIFFImage } from "geotiff";
import { FootfallError } from "../errors";

/** x = a column + b row + c, y = d column + e row + f. */
export type Affine = readonly [a: number, b: number, c: number, d: number, e: number, f: number];

/** From pixels to the raster's own coordinates. Throws "bad-file" where the file does not say. */
export function readAffine(image: GeoTIFFImage): Affine {
  const directory = image.fileDirectory;
  const half = image.getGeoKeys()?.GTRasterTypeGeoKey === 2 ? 0.5 : 0; // the tie is a pixel's middle
  const matrix = directory.getValue("ModelTransformation") as ArrayLike<number> | undefined;
  const scale = directory.getValue("ModelPixelScale") as ArrayLike<number> | undefined;
  const tie = directory.getValue("ModelTiepoint") as ArrayLike<number> | undefined;
  if (matrix) {
    const [a, b, c, d, e, f] = [0, 1, 3, 4, 5, 7].map((i) => matrix[i]!) as unknown as Affine;
    return [a, b, c - half * (a + b), d, e, f - half * (d + e)];
  }
  if (!scale || tie?.length !== 6) {
    throw new FootfallError(
      "bad-file",
      "the raster does not say where on Earth it lies (no ModelTransformation, no ModelPixelScale with one ModelTiepoint); georeference it first, for example in QGIS",
    );
  }
  const [dx, dy] = [scale[0]!, -scale[1]!];
  return [dx, 0, tie[3]! - (tie[0]! + half) * dx, 0, dy, tie[4]! - (tie[1]! + half) * dy];
}

/** The way back. Throws "bad-file" for pixels without area. */
export function invert([a, b, c, d, e, f]: Affine): Affine {
  const determinant = a * e - b * d;
  if (!Number.isFinite(1 / determinant)) {
    throw new FootfallError("bad-file", "the raster's pixels have no size");
  }
  const inverse = [e, -b, b * f - c * e, -d, a, c * d - a * f].map((n) => n / determinant);
  return inverse as unknown as Affine;
}

/** The same place counted in pixels that are `x` and `y` times as wide and high. */
export function stretch([a, b, c, d, e, f]: Affine, x: number, y: number): Affine {
  return [a * x, b * y, c, d * x, e * y, f];
}

export const apply = ([a, b, c, d, e, f]: Affine, x: number, y: number): [number, number] => [
  a * x + b * y + c,
  d * x + e * y + f,
];
