import { buildCountry, type CountrySpec } from "../core/world/country";
import type { Geography } from "../core/world/geography";
import { COUNTRY_SIZES, simulateResidents, type CountrySize } from "../core/world/residents";
import { COUNTRY_SHAPES, SHAPE_NOUNS, type CountryShape } from "../core/world/shapes";
import type { Points } from "../core/data/points";
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

/** `--shape`, where it is another one than Japan's. Throws "bad-input". */
export function readShape(values: CommandInput["values"]): { shape?: CountryShape } {
  const shape = choiceOf(values, "shape", COUNTRY_SHAPES);
  return shape === undefined || shape === "japan" ? {} : { shape };
}

/** "simulated country, small", or archipelago. */
export const countryText = ({ size, shape = "japan" }: Pick<CountryChoice, "size" | "shape">) =>
  `simulated ${SHAPE_NOUNS[shape]}, ${size}`;

const SIZES = ["small", "medium", "large"] as const satisfies readonly CountrySize[];

/** Reads `--NAME small|medium|large`, `--shape`, `--seed` and `--residents`; undefined without the size. */
export function countryOf(
  values: CommandInput["values"],
  name: string,
  seed: number,
): CountryChoice | undefined {
  const size = choiceOf(values, name, SIZES);
  if (size === undefined) return undefined;
  const most = 10_000_000;
  const residents = numberOf(values, "residents", { from: 1, to: most });
  return {
    size,
    seed,
    residents: residents ?? COUNTRY_SIZES[size].residents,
    ...readShape(values),
  };
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
