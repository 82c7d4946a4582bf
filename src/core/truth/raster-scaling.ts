import type { GeoTIFFImage } from "geotiff";

/** How the numbers that are stored become values. */
export interface Scaling {
  readonly scale: number;
  readonly offset: number;
}

/** What GDAL calls scale and offset of a band; undefined where the stored numbers are the values. */
export async function readScaling(image: GeoTIFFImage, band: number): Promise<Scaling | undefined> {
  const told = await image.getGDALMetadata(band);
  const [scale, offset] = [Number(told?.["SCALE"] ?? 1), Number(told?.["OFFSET"] ?? 0)];
  const isUsable = Number.isFinite(scale) && scale !== 0 && Number.isFinite(offset);
  return isUsable && (scale !== 1 || offset !== 0) ? { scale, offset } : undefined;
}

/** The values that stored numbers stand for; NaN for those that mean "no data". */
export function scaled(
  stored: ArrayLike<number>,
  { scaling, noData }: { scaling: Scaling | undefined; noData: number | undefined },
): ArrayLike<number> {
  if (scaling === undefined) return stored;
  const { scale, offset } = scaling;
  return Float64Array.from(stored, (value) => (value === noData ? NaN : value * scale + offset));
}
