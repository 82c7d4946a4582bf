import type { Progress } from "../pace";
import { buildGeography, type Geography } from "./geography";
import type { CountryShape } from "./shapes";

/** Which simulated country, its people aside. */
export interface CountrySpec {
  readonly seed: number;
  /** Default "japan". */
  readonly shape?: CountryShape;
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
  const [{ drawCoast }, { settleArchipelago: settle }] = await Promise.all([
    import("./archipelago"), // few need it
    import("./archipelago-cities"),
  ]);
  return yield* buildGeography(yield* drawCoast(signal), { ...options, settle });
}
