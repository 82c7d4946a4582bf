import { cellCentres } from "../geo/cells";
import type { Progress } from "../pace";
import { drawCoast } from "./archipelago";
import { settleArchipelago } from "./archipelago-cities";
import { createCellGrid } from "./cell-grid";
import { coastDistances } from "./coast";
import { buildGeography, type Geography } from "./geography";
import { decodeLand } from "./land";
import type { Settlement } from "./seats";
import type { CountryShape } from "./shapes";

/** Which simulated country, its people aside. */
export interface CountrySpec {
  readonly seed: number;
  /** Default "japan". */
  readonly shape?: CountryShape;
}

/** Coast and settlement of the archipelago, the same every time. Throws "stopped". */
export async function* foundArchipelago(
  signal?: AbortSignal,
): AsyncGenerator<Progress, { mask: Uint8Array; settlement: Settlement }> {
  const mask = yield* drawCoast(signal);
  const { lat, lng } = cellCentres(decodeLand(mask).cells);
  const coastKm = coastDistances(createCellGrid(lat, lng));
  return { mask, settlement: settleArchipelago({ lat, lng, coastKm }) };
}

/**
 * Builds the country of a shape and a seed; `readLand` gives the bytes of public/data/land-r8.bin, which only Japan's
 * shape needs. The archipelago takes about a second more. Throws "bad-file" and "stopped".
 */
export async function* buildCountry(
  { shape = "japan", seed }: CountrySpec,
  readLand: () => Promise<Uint8Array>,
  signal?: AbortSignal,
): AsyncGenerator<Progress, Geography> {
  const options = { seed, ...(signal && { signal }) };
  if (shape === "japan") return yield* buildGeography(await readLand(), options);
  const { mask, settlement } = yield* foundArchipelago(signal);
  return yield* buildGeography(mask, { ...options, settlement });
}
