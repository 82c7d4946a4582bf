import { buildCountry, type CountrySpec } from "../core/world/country";
import type { Geography } from "../core/world/geography";
import { COUNTRY_SIZES, simulateResidents, type CountrySize } from "../core/world/residents";
import { COUNTRY_SHAPES, SHAPE_NOUNS, type CountryShape } from "../core/world/shapes";
import type { Points } from "../core/data/points";
import { FootfallError } from "../core/errors";
import type { DatasetSpec } from "../core/job/dataset";
import { createPace } from "../core/pace";
import type { CommandInput } from "./command";
import { readAsset } from "./root";
import { showing } from "./run";
import { choiceOf, numberOf } from "./values";

/** Which simulated country, as the options say. */
export interface CountryChoice {
  size: CountrySize;
  seed: number;
  residents: number;
  /** That of Japan where nothing is said. */
  shape?: CountryShape;
}

/** The option beside the size. */
export const SHAPE_OPTION = {
  type: "string",
  value: "SHAPE",
  help: `its coast: ${COUNTRY_SHAPES.join(" or ")}`,
  default: "japan",
} as const;

/** "simulated country, small", or archipelago. */
export const countryText = ({ size, shape = "japan" }: Pick<CountryChoice, "size" | "shape">) =>
  `simulated ${SHAPE_NOUNS[shape]}, ${size}`;

const SIZES = ["small", "medium", "large"] as const satisfies readonly CountrySize[];

/** `--NAME small|medium|large` and `--shape`, which is left out where it is Japan's; undefined without the size. */
function readCountry(
  values: CommandInput["values"],
  name: string,
): Pick<CountryChoice, "size" | "shape"> | undefined {
  const size = choiceOf(values, name, SIZES);
  const shape = choiceOf(values, "shape", COUNTRY_SHAPES);
  if (size !== undefined)
    return shape === undefined || shape === "japan" ? { size } : { size, shape };
  if (shape === undefined) return undefined;
  throw new FootfallError(
    "bad-input",
    `--shape ${shape} is of the simulated country, and no --${name} is given; give one of ${SIZES.join(", ")}, or leave --shape out`,
  );
}

/** The data of `--country` and `--shape`; undefined without a country. Throws "bad-input". */
export function simulatedOf(values: CommandInput["values"], seed: number): DatasetSpec | undefined {
  const country = readCountry(values, "country");
  return country && { source: "simulated", ...country, seed };
}

/** Reads `--NAME`, `--shape` and `--residents`; undefined without the size. Throws "bad-input". */
export function countryOf(
  values: CommandInput["values"],
  name: string,
  seed: number,
): CountryChoice | undefined {
  const country = readCountry(values, name);
  if (country === undefined) return undefined;
  const most = 10_000_000;
  const residents = numberOf(values, "residents", { from: 1, to: most });
  return { ...country, seed, residents: residents ?? COUNTRY_SIZES[country.size].residents };
}

/** The geography of a shape and a seed, with its progress on stderr. */
export function openGeography(spec: CountrySpec, input: CommandInput): Promise<Geography> {
  const readLand = () => readAsset("data/land-r8.bin");
  return showing(buildCountry(spec, readLand, input.signal), input.progress);
}

/** The residents' points, some hundred residents at a time. Throws "stopped". */
export async function* streamResidents(
  geography: Geography,
  { seed, residents }: CountryChoice,
  { progress, signal }: Pick<CommandInput, "progress" | "signal">,
): AsyncGenerator<Points> {
  const pace = createPace(signal);
  let done = 0;
  for (const points of simulateResidents(geography, { seed, from: 0, to: residents })) {
    yield points;
    done += points.users.length;
    progress({ phase: "simulate residents", done, total: residents, unit: "residents" });
    await pace.rest();
  }
}
